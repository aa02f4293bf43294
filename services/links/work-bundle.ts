import type { QueueSettings } from './settings.ts';
import { createUnitIndex, type UnitIndex } from './unit-index.ts';
import type { UnitHistory } from './work-log.ts';

/** Units of work that the same accounts do, taken together. */
export interface WorkBundle {
  /** The unit with the most accounts. */
  name: string;
  units: readonly string[];
  /** Bins of the calls by account, ascending, one entry a call. */
  calls: ReadonlyMap<string, readonly number[]>;
  /** How many of the units an account does. */
  breadth: ReadonlyMap<string, number>;
  /** For each unit, everybody who was seen with it, whatever the call was recorded with. */
  sighted: readonly { has(id: string): boolean }[];
  fillings: { known: number; again: number };
  /** The units with all who do them, of the core or not. */
  own: readonly UnitHistory[];
  /** Units that its accounts have in common with another crowd: left out of the above. */
  ties: readonly UnitHistory[];
}

/**
 * A queue of forty templates leaves each account a call or two on each of them: nothing can be seen in one. So the unit with the most accounts takes in
 * those that hardly anybody but its accounts does, and the accounts that do at least two of them; then the next largest of the rest. It is not transitive: a
 * chain of popular templates, each with some users of the next, would else tie everybody together. A popular template that a pool happens to use as well
 * stays out, since its users are mostly others.
 */
export function bundles(histories: readonly UnitHistory[], settings: QueueSettings): WorkBundle[] {
  const byEvenSize = histories
    .filter(({ calls }) => calls.size >= settings.leastShared)
    .map((history) => ({ history, accounts: evenAccounts(history) }))
    .sort((a, b) => b.accounts - a.accounts || (a.history.unit < b.history.unit ? -1 : 1))
    .map(({ history }) => history);
  /** Of the units that are in no bundle yet. */
  const free = createUnitIndex(byEvenSize);
  const found: WorkBundle[] = [];
  /** By account, what ties a crowd that it belongs to with another. */
  const tied = new Map<string, Set<UnitHistory>>();
  const around = (seed: UnitHistory, apart: ReadonlySet<UnitHistory>): Crowd => {
    let crowd: Crowd = { units: [seed], core: new Set(seed.calls.keys()) };
    for (let round = 0; round < ROUNDS; round++) {
      const others = within(crowd.core, free, settings).filter((unit) => unit !== seed && !apart.has(unit));
      // Nobody is taken in, and nobody would be in the next round.
      if (others.length === 0 && crowd.units.length === 1) break;
      const units = typical([seed, ...others], crowd.core, settings);
      crowd = { units, core: coreOf(units) };
    }
    return crowd;
  };
  for (const seed of byEvenSize) {
    if (!free.has(seed)) continue;
    const apart = new Set<UnitHistory>();
    let crowd = around(seed, apart);
    for (let split = 0; split < SPLITS && !apart.has(seed); split++) {
      const ties = tiesOf(crowd.units, crowd.core.size, settings);
      if (ties.length === 0) break;
      for (const unit of ties) apart.add(unit);
      crowd = around(seed, apart);
    }
    for (const unit of apart) {
      for (const id of unit.calls.keys()) tied.set(id, (tied.get(id) ?? new Set<UnitHistory>()).add(unit));
    }
    // Only from this crowd: what ties the users of something popular may be the very work of others.
    for (const unit of apart.has(seed) ? [seed] : crowd.units) free.forget(unit);
    // Of fewer nothing is asked.
    if (apart.has(seed) || crowd.core.size < settings.leastAccounts) continue;
    const met = new Map<UnitHistory, number>();
    for (const id of crowd.core) for (const unit of tied.get(id) ?? []) met.set(unit, (met.get(unit) ?? 0) + 1);
    const ties = [...met].filter(([unit, count]) => count >= settings.mostCommon * unit.calls.size);
    const tying = ties.map(([unit]) => unit);
    found.push(bundleOf(seed, crowd.units, crowd.core, tying));
  }
  return found;
}

/**
 * How many accounts would do as many calls if each did the same number (the inverse of Simpson's index, 1949). Of two units with as many accounts the one that is
 * done evenly says more of a queue, which deals evenly; what is merely popular is done by a few all day and by most now and then.
 */
function evenAccounts({ calls }: UnitHistory): number {
  let sum = 0;
  let squares = 0;
  for (const { length } of calls.values()) {
    sum += length;
    squares += length * length;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** Times that what ties crowds together is left out around one unit: bounds the work. */
const SPLITS = 3;

interface Crowd {
  units: readonly UnitHistory[];
  core: ReadonlySet<string>;
}

/** Units compared with each other: the square of it is what a bundle costs. */
const COMPARED = 32;

/**
 * Units that tie two crowds together which otherwise keep apart: two campaigns that grade answers in the same words are two queues, and taken for one they
 * are as uneven as two applications. Apart are accounts of two units that meet in far fewer accounts than by chance; accounts of one queue of many templates,
 * each with a few of them, meet by chance.
 */
function tiesOf(units: readonly UnitHistory[], accounts: number, settings: QueueSettings): UnitHistory[] {
  const largest = units.slice(0, COMPARED);
  for (const [at, a] of largest.entries()) {
    for (const b of largest.slice(at + 1)) {
      const byChance = (a.calls.size * b.calls.size) / accounts;
      if (byChance < settings.leastMet) break;
      if (common(a, b) >= settings.mostCommon * byChance) continue;
      const between = (unit: UnitHistory): boolean => meets(unit, a, settings) && meets(unit, b, settings);
      const ties = units.filter((unit) => unit !== a && unit !== b && between(unit));
      if (ties.length > 0) return ties;
    }
  }
  return [];
}

/** Whether a fair share of a unit's accounts does the other one, too. */
function meets(unit: UnitHistory, other: UnitHistory, { mostCommon }: QueueSettings): boolean {
  return common(unit, other) >= mostCommon * unit.calls.size;
}

function common(a: UnitHistory, b: UnitHistory): number {
  const [fewer, more] = a.calls.size <= b.calls.size ? [a, b] : [b, a];
  let count = 0;
  for (const id of fewer.calls.keys()) if (more.calls.has(id)) count++;
  return count;
}

/** The core changes hardly any more after two. */
const ROUNDS = 2;

/** Units whose accounts are nearly all among these, the largest first. */
function within(core: ReadonlySet<string>, index: UnitIndex, settings: QueueSettings): UnitHistory[] {
  const found: UnitHistory[] = [];
  index.overlaps(core, (unit, count) => {
    if (count >= settings.leastShared && count >= settings.coreShare * unit.calls.size) found.push(unit);
  });
  return found.sort((a, b) => b.calls.size - a.calls.size || (a.unit < b.unit ? -1 : 1));
}

/**
 * Without the units that only some of the crowd meet: what a pool resells is met by a few of its accounts each, and by the people whose it is, and of hundreds
 * of such units anybody does two. Typical is what at least half as many of the crowd do as do the unit of its median call.
 */
function typical(
  units: readonly UnitHistory[],
  core: ReadonlySet<string>,
  { leastTypical }: QueueSettings,
): readonly UnitHistory[] {
  const met = units
    .map((unit) => {
      const bins = [...unit.calls].filter(([id]) => core.has(id));
      return { unit, accounts: bins.length, calls: bins.reduce((sum, [, { length }]) => sum + length, 0) };
    })
    .sort((a, b) => b.accounts - a.accounts);
  const half = met.reduce((sum, { calls }) => sum + calls, 0) / 2;
  let calls = 0;
  const usual = met.find((unit) => {
    calls += unit.calls;
    return calls >= half;
  });
  const least = leastTypical * (usual?.accounts ?? 0);
  return met.filter(({ accounts }) => accounts >= least).map(({ unit }) => unit);
}

function bundleOf(
  seed: UnitHistory,
  units: readonly UnitHistory[],
  core: ReadonlySet<string>,
  ties: readonly UnitHistory[],
): WorkBundle {
  const ids = [...core].sort();
  const calls = new Map(ids.map((id): [string, number[]] => [id, []]));
  const breadth = new Map(ids.map((id) => [id, 0]));
  for (const unit of units) {
    for (const [id, bins] of unit.calls) {
      const own = calls.get(id);
      if (own === undefined) continue;
      own.push(...bins);
      breadth.set(id, (breadth.get(id) ?? 0) + 1);
    }
  }
  for (const bins of calls.values()) bins.sort((a, b) => a - b);
  return {
    name: seed.unit,
    units: units.map(({ unit }) => unit),
    calls,
    breadth,
    sighted: units.map(({ sighted }) => sighted),
    fillings: {
      known: units.reduce((sum, { fillings }) => sum + fillings.known, 0),
      again: units.reduce((sum, { fillings }) => sum + fillings.again, 0),
    },
    own: units,
    ties,
  };
}

/** Of all calls on the work, whoever made them, the share that these accounts made. */
export function shareOfWork({ own }: WorkBundle, accounts: Iterable<string>): number {
  const theirs = new Set(accounts);
  let made = 0;
  let all = 0;
  for (const { calls } of own) {
    for (const [id, { length }] of calls) {
      all += length;
      if (theirs.has(id)) made += length;
    }
  }
  return all === 0 ? 0 : made / all;
}

/** The same work, of the others only. */
export function withoutAccounts(bundle: WorkBundle, accounts: ReadonlySet<string>): WorkBundle {
  const calls = new Map([...bundle.calls].filter(([id]) => !accounts.has(id)));
  if (calls.size === bundle.calls.size) return bundle;
  const own = bundle.own.map((unit) => ({
    ...unit,
    calls: new Map([...unit.calls].filter(([id]) => !accounts.has(id))),
  }));
  return { ...bundle, calls, own };
}

/** Who does at least two of three units or more; of fewer, who does any. */
function coreOf(units: readonly UnitHistory[]): Set<string> {
  const uses = new Map<string, number>();
  for (const { calls } of units) for (const id of calls.keys()) uses.set(id, (uses.get(id) ?? 0) + 1);
  const least = units.length >= 3 ? 2 : 1;
  return new Set([...uses].filter(([, count]) => count >= least).map(([id]) => id));
}
