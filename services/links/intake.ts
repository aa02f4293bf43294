import type { AccountChange } from '../records/account.ts';
import type { LinkAttribute, LinkKind, LinkObservation } from '../records/link-observation.ts';
import type { StateTable } from '../stream/state-table.ts';
import { accountAttributes } from './account-attributes.ts';
import type { AttributeIndex } from './attribute-index.ts';
import { readLockstep } from './lockstep.ts';
import type { EvidenceGroup, LinkSettings } from './settings.ts';
import type { Signups } from './signups.ts';
import type { WorkLog } from './work-log.ts';
import { readWork } from './work-sighting.ts';

/** Groups that are weighed in the minute in which they are seen; the others change all the time and decide little, so they wait for the end of the hour. */
const AT_ONCE: ReadonlySet<EvidenceGroup> = new Set(['payment', 'signup', 'network']);

/** Why an account waits for the end of the hour: what it is new to, or that it signed up, and only then is known what the hour's sign-ups explain. */
export type Deferred = readonly LinkAttribute[] | 'signed_up';

export interface IntakeDeps {
  index: AttributeIndex;
  signups: Signups;
  /** Accounts to look at when the hour ends. */
  deferred: StateTable<Deferred>;
  /** Accounts to look at for being in step, when the quarter of the day ends. */
  active: StateTable<true>;
  work: WorkLog;
  settings: LinkSettings;
  count(name: string, reason: string, by?: number): void;
}

/** Accounts to look at now. */
export interface TakenIn {
  /** By account, what it is new to and may be linked by; nothing when it has only become known where its windows go. */
  gained: Map<string, LinkAttribute[]>;
  /** Something that held their links is gone. */
  lost: Set<string>;
}

/** Takes in what came into force at a tick, in an order that does not depend on arrival. */
export function takeIn(
  changes: readonly AccountChange[],
  observations: readonly LinkObservation[],
  { index, signups, deferred, active, work, settings, count }: IntakeDeps,
): TakenIn {
  const gained: TakenIn['gained'] = new Map();
  const gain = (id: string, ...attributes: LinkAttribute[]): void => {
    const known = gained.get(id);
    if (known === undefined) gained.set(id, attributes);
    else known.push(...attributes);
  };
  const defer = (id: string, attribute: LinkAttribute): void => {
    const known = deferred.get(id) ?? [];
    if (known !== 'signed_up') deferred.set(id, [...known, attribute]);
  };
  const lost = new Set<string>();
  const isRefused = (id: string): boolean => {
    if (index.size < settings.mostAccounts || index.known(id) !== undefined) return false;
    count('refused', 'account');
    return true;
  };
  const see = (id: string, kind: LinkKind, value: string, at: number): void => {
    const seen = index.see(id, kind, value, at, (members) => {
      count('inert', kind);
      // Whoever was linked by it is looked at again.
      for (const member of members) lost.add(member);
    });
    if (seen !== 'new') return;
    if (AT_ONCE.has(settings.kinds[kind].group)) gain(id, { kind, value });
    else defer(id, { kind, value });
  };

  for (const { account_id, account } of [...changes].sort(byTime)) {
    if (account === null) {
      if (index.known(account_id) === undefined) continue;
      index.forgetAll(account_id);
      lost.add(account_id);
      continue;
    }
    if (isRefused(account_id)) continue;
    const owner = index.account(account_id);
    if (owner.organization !== account.organization_id) {
      owner.organization = account.organization_id;
      index.save(account_id);
      // To belong to an organization explains what two accounts have in common.
      lost.add(account_id);
    }
    for (const attribute of accountAttributes(account)) see(account_id, attribute.kind, attribute.value, attribute.at);
    // Later versions of it, on another plan perhaps, are no new sign-ups.
    if (owner.sightings.has('signup_batch')) continue;
    for (const batch of signups.add(account)) see(account_id, 'signup_batch', batch, account.created_at);
    deferred.set(account_id, 'signed_up');
  }

  for (const { account_id, partition, observed_at, attributes } of [...observations].sort(byAccount)) {
    if (isRefused(account_id)) continue;
    const owner = index.account(account_id);
    if (owner.partition !== partition) {
      owner.partition = partition;
      index.save(account_id);
      gain(account_id);
    }
    for (const { kind, value } of [...attributes].sort(
      (a, b) => compare(a.kind, b.kind) || compare(a.value, b.value),
    )) {
      if (kind === 'work') {
        const sighting = readWork(value);
        if (sighting === null) {
          count('unreadable', 'work');
          continue;
        }
        const unit = work.add(account_id, sighting);
        // The template is an attribute of its own; a band is one where nobody else uses the same wording.
        if (unit !== null && unit !== sighting.units[0]) see(account_id, 'template_band', unit, observed_at);
        continue;
      }
      if (kind !== 'lockstep') {
        see(account_id, kind, value, observed_at);
        continue;
      }
      const lockstep = readLockstep(value);
      if (lockstep === null) {
        count('unreadable', 'lockstep');
        continue;
      }
      see(account_id, 'template', lockstep.template, observed_at);
      if (index.seeBin(account_id, lockstep.template, lockstep.bin)) active.set(account_id, true);
    }
  }
  return { gained, lost };
}

function byTime(a: AccountChange, b: AccountChange): number {
  return (
    a.at - b.at || compare(a.account_id, b.account_id) || compare(JSON.stringify(a.account), JSON.stringify(b.account))
  );
}

function byAccount(a: LinkObservation, b: LinkObservation): number {
  return (
    a.observed_at - b.observed_at ||
    compare(a.account_id, b.account_id) ||
    a.partition - b.partition ||
    compare(JSON.stringify(a.attributes), JSON.stringify(b.attributes))
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
