import { createHasher } from '../../services/fingerprint/hasher.ts';
import type { LinkSettings } from '../../services/links/settings.ts';
import { createLinksStep } from '../../services/links/step.ts';
import type { Account, AccountChange } from '../../services/records/account.ts';
import type { Assignment } from '../../services/records/assignment.ts';
import type { LinkAttribute, LinkObservation } from '../../services/records/link-observation.ts';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { createTrackedTables, type TrackedTables } from '../../services/stream/tracked-tables.ts';

/** Midnight of a Wednesday, when the traffic of these tests begins. */
export const START = Date.UTC(2026, 3, 22);

const hasher = createHasher('test');

export type Input = { change: AccountChange } | { observation: LinkObservation };

/** An account like nobody else's, signed up in an hour of its own. */
export function account(id: string, own: Partial<Account> = {}): Account {
  const created =
    own.created_at ?? START - 40 * DAY - (Number.parseInt(id.replace(/\D/g, '') || '0', 10) % 900) * 3 * HOUR;
  return {
    account_id: id,
    created_at: created,
    updated_at: created,
    organization_id: null,
    plan: 'pay_as_you_go',
    payment_fingerprint: `card-of-${id}`,
    payment_bin: null,
    signup_ip: null,
    signup_device: `device-of-${id}`,
    email_domain: 'gmail.com',
    country: 'US',
    reseller_id: null,
    verified: null,
    status: 'active',
    ...own,
  };
}

export function registered(value: Account): Input {
  return { change: { account_id: value.account_id, account: value, at: value.updated_at } };
}

export function seen(account_id: string, observed_at: number, attributes: LinkAttribute[], partition = 0): Input {
  return { observation: { account_id, observed_at, partition, attributes } };
}

export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(3, '0')}`);
}

/** What `calls` reports of calls on a template at these times: the template with the first of each day, a lockstep bin with each. */
export function callsOn(id: string, template: string, times: readonly number[]): Input[] {
  const days = new Set<number>();
  return times.map((time) => {
    const attributes: LinkAttribute[] = [{ kind: 'lockstep', value: `${Math.floor(time / (5 * MINUTE))}:${template}` }];
    const day = Math.floor(time / DAY);
    if (!days.has(day)) attributes.push({ kind: 'template', value: template });
    days.add(day);
    return seen(id, (Math.floor(time / MINUTE) + 1) * MINUTE, attributes);
  });
}

export interface Links {
  tables: TrackedTables;
  assignments: Assignment[];
  emitted: { assignment: Assignment; partition: number }[];
  counts: Map<string, number>;
  feed(inputs: readonly Input[]): void;
  watermark(time: number): void;
  /** Cluster by account, of those that are in one. */
  clusters(): Map<string, string>;
  latest(id: string): Assignment | undefined;
}

export function createLinks(tables: TrackedTables = createTrackedTables(), settings?: LinkSettings): Links {
  const emitted: Links['emitted'] = [];
  const assignments: Assignment[] = [];
  const counts = new Map<string, number>();
  const count = (name: string, reason: string, by = 1) =>
    counts.set(`${name}.${reason}`, (counts.get(`${name}.${reason}`) ?? 0) + by);
  const step = createLinksStep(settings === undefined ? { hasher } : { hasher, settings })({
    partition: 0,
    partitions: 4,
    tables,
    count,
  });
  const emit = (_: 'assignments', assignment: Assignment, partition: number): void => {
    emitted.push({ assignment, partition });
    assignments.push(assignment);
  };
  const at = { topic: 'test', partition: 0, offset: '0' };
  const latest = (id: string) => assignments.findLast(({ account_id }) => account_id === id);
  return {
    tables,
    emitted,
    assignments,
    counts,
    feed(inputs) {
      for (const input of inputs) {
        if ('change' in input) step.onRecord('accounts', input.change, at, emit);
        else step.onRecord('link_observations', input.observation, at, emit);
      }
    },
    watermark: (time) => step.onWatermark(time, emit),
    clusters() {
      const found = new Map<string, string>();
      for (const { account_id, cluster_id } of assignments) {
        if (cluster_id === null) found.delete(account_id);
        else found.set(account_id, cluster_id);
      }
      return found;
    },
    latest,
  };
}

/** Feeds everything and lets `days` pass. */
export function run(inputs: readonly Input[], days = 3): Links {
  const links = createLinks();
  links.feed(inputs);
  links.watermark(START + days * DAY);
  return links;
}

export function timeOf(input: Input): number {
  return 'change' in input ? input.change.at : input.observation.observed_at;
}
