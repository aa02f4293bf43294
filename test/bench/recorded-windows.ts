import { createProfileTable } from '../../services/calls/profile-table.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import type { Codecs } from '../../services/records/codec/codecs.ts';
import { MINUTE } from '../../services/records/window.ts';
import { createChain } from '../../services/replay/chain.ts';
import { initialVersion } from '../../services/rules/version.ts';
import { createScenario } from '../../services/simulate/scenarios.ts';
import { simulate } from '../../services/simulate/simulate.ts';
import { enrichWith, shippedRules } from '../support/shipped.ts';

export const GRACE = MINUTE;
const SEED = 502;

/** What comes to `clusters`, in order and in bytes, as it does over Kafka. */
export type RecordedInput = { window: Buffer } | { assignment: Buffer } | { mark: number };

/** What `calls` and `links` make of a day and a half of the demo's traffic: 2,000 accounts and a campaign of 120. */
export function recordWindows(codecs: Codecs): RecordedInput[] {
  const recorded: RecordedInput[] = [];
  const hasher = createHasher('bench');
  const profiles = createProfileTable();
  const chain = createChain({
    enrich: enrichWith(hasher),
    hasher,
    rules: [initialVersion(shippedRules())],
    grace: GRACE,
    database: 'stillwatch',
    profileAt: profiles.profileAt,
    output: {
      accountWindow: (window) => recorded.push({ window: codecs.of('account-window').encode(window) }),
      assignment: (assignment) => recorded.push({ assignment: codecs.of('assignment').encode(assignment) }),
      clusterWindow: () => {},
      membership: () => {},
      alert: () => {},
      late: () => {},
      count: () => {},
    },
  });
  const { accounts, calls } = simulate(createScenario('demo'), SEED);
  for (const account of accounts) {
    profiles.apply(account);
    chain.account({ account_id: account.account_id, account, at: account.updated_at });
  }
  let mark = 0;
  let number = 0;
  for (const call of calls) {
    chain.call(call, { topic: 'bench', partition: 0, offset: String(number++) });
    const passed = Math.floor((call.occurred_at - GRACE) / MINUTE) * MINUTE;
    if (passed > mark) recorded.push({ mark: passed });
    mark = Math.max(mark, passed);
  }
  return recorded;
}
