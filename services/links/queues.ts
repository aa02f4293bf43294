import { type LentDeps, withoutLent } from './lent-accounts.ts';
import { BIN_LENGTH } from './lockstep.ts';
import type { QueueSettings } from './settings.ts';
import { bundles, shareOfWork, type WorkBundle, withoutAccounts } from './work-bundle.ts';
import type { WorkLog } from './work-log.ts';
import { judgeWork } from './work-queue.ts';
import { judgeRing, type RingDeps, type WorkRing } from './work-ring.ts';

/** An account that draws on a queue or belongs to a ring, under its name. */
export interface QueueMember {
  id: string;
  queue: string;
}

export interface CommonWork {
  members: QueueMember[];
  /** Who keeps the company of a ring. */
  company: QueueMember[];
}

export interface QueuesDeps {
  log: WorkLog;
  organizationOf(id: string): string | null;
  settings: QueueSettings;
  ring: RingDeps;
  lent: LentDeps;
  /** Milliseconds for which an account's own calls are known. */
  callsKept: number;
}

interface Queue {
  bundle: WorkBundle;
  /** Who draws on it. */
  members: readonly string[];
  /** Hardly any account of it is its own: they are those of a pool that does other things. */
  isLent: boolean;
}

/** What a bundle of work was found to be. */
interface Found {
  bundle: WorkBundle;
  queue: Omit<Queue, 'bundle'> | null;
  ring: WorkRing | null;
}

/** Accounts that draw on one queue or are one ring, as of `now`; from then on everybody who does that work is recorded. */
export function findCommonWork(
  now: number,
  { log, organizationOf, settings, ring, lent, callsKept }: QueuesDeps,
): CommonWork {
  const judge = (bundle: WorkBundle): Found => {
    const since = (now - callsKept) / BIN_LENGTH;
    const drawing = judgeWork(bundle, Math.floor(now / BIN_LENGTH), settings)?.members ?? [];
    const isTheirs = shareOfWork(bundle, drawing) >= settings.leastOwn;
    // Where hardly any are left the work is the pool's own, as far as can be seen, and all stay.
    const own = isTheirs ? withoutLent(drawing, bundle, since, lent) : [];
    const isLent = own.length < settings.leastAccounts;
    const members = isTheirs ? oneOfEach(isLent ? drawing : own, organizationOf) : [];
    const found = judgeRing(bundle, since, ring);
    const acquainted = found === null ? [] : withoutLent(found.acquainted, bundle, since, lent);
    return {
      bundle,
      queue: members.length >= settings.leastAccounts ? { members, isLent } : null,
      ring: found === null || acquainted.length < ring.settings.leastAccounts ? found : { ...found, acquainted },
    };
  };
  const found = oneAfterTheOther(bundles(log.review(now), settings).map(judge).filter(isCommon), judge);
  const queues = found.flatMap(({ bundle, queue }): Queue[] => (queue === null ? [] : [{ bundle, ...queue }]));
  const rings = found.flatMap(({ ring: one }) => one ?? []);
  log.markQueues(new Set(found.flatMap(({ bundle }) => bundle.units)));
  const drawing = queues.flatMap((queue, at) => {
    const name = (queues.slice(0, at).find((earlier) => areOne(earlier, queue, settings)) ?? queue).bundle.name;
    return queue.members.map((id) => ({ id, queue: name }));
  });
  const under = (queue: string, ids: readonly string[]): QueueMember[] => ids.map((id) => ({ id, queue }));
  return {
    members: [...drawing, ...rings.flatMap(({ name, acquainted }) => under(name, acquainted))],
    company: rings.flatMap(({ name, company }) => under(name, company)),
  };
}

/**
 * The largest first, and each of the others without the accounts that are already found: a pool meets other people's work too, as evenly as it does its own, and
 * would make a queue of that as well, with those people on it.
 */
function oneAfterTheOther(found: readonly Found[], judge: (bundle: WorkBundle) => Found): Found[] {
  const known = new Set<string>();
  const kept: Found[] = [];
  for (const one of [...found].sort((a, b) => accountsOf(b).length - accountsOf(a).length)) {
    const rest = withoutAccounts(one.bundle, known);
    const judged = rest === one.bundle ? one : judge(rest);
    if (!isCommon(judged)) continue;
    kept.push(judged);
    for (const id of accountsOf(judged)) known.add(id);
  }
  return kept;
}

function isCommon({ queue, ring }: Found): boolean {
  return queue !== null || ring !== null;
}

function accountsOf({ queue, ring }: Found): readonly string[] {
  return [...(queue?.members ?? []), ...(ring === null ? [] : [...ring.acquainted, ...ring.company])];
}

/** Accounts of an organization are declared to be one: they count as one, and where they are most of all the queue is the organization's own. */
function oneOfEach(members: readonly string[], organizationOf: (id: string) => string | null): string[] {
  const held = new Map<string, number>();
  const kept: string[] = [];
  for (const id of members) {
    const organization = organizationOf(id);
    if (organization === null || !held.has(organization)) kept.push(id);
    if (organization !== null) held.set(organization, (held.get(organization) ?? 0) + 1);
  }
  return Math.max(0, ...held.values()) * 2 > members.length ? [] : kept;
}

/**
 * Accounts whose wordings have nothing in common with the others' but some band are recorded apart from them. Where most of one queue's accounts were seen
 * at a unit of the other, it is one queue. Only queues are joined like this: a band is met by chance too. None of lent accounts is: whoever asks for the same
 * kind of thing words it alike, and all of the pool would become one with the other queue's accounts.
 */
function areOne(a: Queue, b: Queue, settings: QueueSettings): boolean {
  if (a.isLent || b.isLent) return false;
  const meets = ({ bundle }: Queue, { members }: Queue): boolean =>
    bundle.sighted.some((ids) => members.filter((id) => ids.has(id)).length >= settings.coreShare * members.length);
  return meets(a, b) || meets(b, a);
}
