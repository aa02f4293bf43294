import type { Account } from '../../records/account.ts';
import { type AccountDraft, type Country, drawCountry, mintAccount } from '../identity.ts';
import type { Random } from '../random.ts';
import { memberCalls } from '../traffic.ts';
import type { Actor, World } from '../world.ts';
import { type MemberOptions, ordinaryMember, truthRow } from './ordinary.ts';

export interface GroupOptions {
  /** Name of the builder, in the truth. */
  name: string;
  members: number;
  plan: AccountDraft['plan'];
  meanAgeDays: number;
  /** One for all, or drawn for each. */
  country?: Country;
  /** What the members share on their accounts. */
  share?: (account: Account, random: Random, index: number) => void;
  /** How a member calls; what is left out is drawn as for an ordinary customer. */
  member: (
    random: Random,
    index: number,
    account: Account,
    country: Country,
  ) => Omit<MemberOptions, 'account' | 'country'>;
}

/** Accounts that have something innocent in common. Hard negatives are built from it. */
export function buildGroup(options: GroupOptions, world: World, random: Random): Actor {
  const actor: Actor = { accounts: [], truth: [], streams: [] };
  const actorName = `${options.name}-${random.fork('name').hex(6)}`;
  for (let index = 0; index < options.members; index += 1) {
    const own = random.fork(index);
    const country = options.country ?? drawCountry(own);
    const account = mintAccount(own, {
      plan: options.plan,
      country: country.code,
      before: world.start,
      meanAgeDays: options.meanAgeDays,
    });
    options.share?.(account, own, index);
    const member = ordinaryMember(world, own, { account, country, ...options.member(own, index, account, country) });
    actor.accounts.push(account);
    actor.truth.push(truthRow(account, actorName, 'hard_negative', options.name));
    actor.streams.push(memberCalls(member, world, own.fork('calls')));
  }
  return actor;
}
