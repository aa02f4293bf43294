import type { QueueSettings } from './settings.ts';
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
}

/**
 * A queue of forty templates leaves each account a call or two on each of them: nothing can be seen in one. So the unit with the most accounts takes in
 * those that hardly anybody but its accounts does, and the accounts that do at least two of them; then the next largest of the rest. It is not transitive: a
 * chain of popular templates, each with some users of the next, would else tie everybody together. A popular template that a pool happens to use as well
 * stays out, since its users are mostly others.
 */
export function bundles(histories: readonly UnitHistory[], settings: QueueSettings): WorkBundle[] {
  const bySize = histories
    .filter(({ calls }) => calls.size >= settings.leastShared)
    .sort((a, b) => b.calls.size - a.calls.size || (a.unit < b.unit ? -1 : 1));
  const unitsOf = new Map<string, UnitHistory[]>();
  for (const unit of bySize) {
    for (const id of unit.calls.keys()) {
      const known = unitsOf.get(id);
      if (known === undefined) unitsOf.set(id, [unit]);
      else known.push(unit);
    }
  }
  const free = new Set(bySize);
  const found: WorkBundle[] = [];
  for (const seed of bySize) {
    if (!free.has(seed)) continue;
    let core: ReadonlySet<string> = new Set(seed.calls.keys());
    let units: readonly UnitHistory[] = [seed];
    for (let round = 0; round < ROUNDS; round++) {
      units = [seed, ...within(core, unitsOf, settings).filter((unit) => unit !== seed && free.has(unit))];
      core = coreOf(units);
    }
    for (const unit of units) free.delete(unit);
    found.push(bundleOf(seed, units, core));
  }
  return found;
}

/** The core changes hardly any more after two. */
const ROUNDS = 2;

/** Units whose accounts are nearly all among these, the largest first. */
function within(
  core: ReadonlySet<string>,
  unitsOf: ReadonlyMap<string, readonly UnitHistory[]>,
  settings: QueueSettings,
): UnitHistory[] {
  const overlaps = new Map<UnitHistory, number>();
  for (const id of core) for (const unit of unitsOf.get(id) ?? []) overlaps.set(unit, (overlaps.get(unit) ?? 0) + 1);
  return [...overlaps]
    .filter(([{ calls }, count]) => count >= settings.leastShared && count >= settings.coreShare * calls.size)
    .map(([unit]) => unit)
    .sort((a, b) => b.calls.size - a.calls.size || (a.unit < b.unit ? -1 : 1));
}

function bundleOf(seed: UnitHistory, units: readonly UnitHistory[], core: ReadonlySet<string>): WorkBundle {
  const calls = new Map<string, readonly number[]>();
  const breadth = new Map<string, number>();
  for (const id of [...core].sort()) {
    breadth.set(id, units.filter((unit) => unit.calls.has(id)).length);
    const bins = units.flatMap((unit) => unit.calls.get(id) ?? []);
    calls.set(
      id,
      bins.sort((a, b) => a - b),
    );
  }
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
  };
}

/** Who does at least two of three units or more; of fewer, who does any. */
function coreOf(units: readonly UnitHistory[]): Set<string> {
  const uses = new Map<string, number>();
  for (const { calls } of units) for (const id of calls.keys()) uses.set(id, (uses.get(id) ?? 0) + 1);
  const least = units.length >= 3 ? 2 : 1;
  return new Set([...uses].filter(([, count]) => count >= least).map(([id]) => id));
}
