import type { Random } from '../random.ts';
import type { Actor, World } from '../world.ts';
import { buildGroup } from './group.ts';
import { drawCallsPerDay, drawCategory } from './ordinary.ts';

/** Unrelated people whose prepaid cards come from one issuer: the same first digits, different cards. */
export interface PrepaidBinSpec {
  type: 'prepaid_bin';
  accounts: number;
}

export const PREPAID_BIN: PrepaidBinSpec = { type: 'prepaid_bin', accounts: 120 };

export function buildPrepaidBin(spec: PrepaidBinSpec, world: World, random: Random): Actor {
  const bin = String(530_000 + random.fork('issuer').int(9_999));
  return buildGroup(
    {
      name: spec.type,
      members: spec.accounts,
      plan: 'pay_as_you_go',
      meanAgeDays: 90,
      share(account) {
        account.payment_bin = bin;
      },
      member: (own) => ({
        category: drawCategory(own),
        callsPerDay: drawCallsPerDay(own, { lowTailShare: 0.8, lowTail: [5, 30], median: 6, sigma: 1.8, cap: 300 }),
      }),
    },
    world,
    random,
  );
}
