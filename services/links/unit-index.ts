import type { UnitHistory } from './work-log.ts';

/** Which units of work an account does. */
export interface UnitIndex {
  /** Tells for each unit that some of these accounts do, how many of them do it. */
  overlaps(accounts: Iterable<string>, visit: (unit: UnitHistory, count: number) => void): void;
  /** Whether it is told of, still. */
  has(unit: UnitHistory): boolean;
  /** The unit is no longer told of. */
  forget(unit: UnitHistory): void;
}

/** In numbers and typed arrays: it is asked for every one of a hundred thousand units, about accounts with a hundred units each. */
export function createUnitIndex(units: readonly UnitHistory[]): UnitIndex {
  const numberOf = new Map(units.map((unit, number) => [unit, number]));
  const unitsOf = new Map<string, number[]>();
  for (const [number, { calls }] of units.entries()) {
    for (const id of calls.keys()) {
      const known = unitsOf.get(id);
      if (known === undefined) unitsOf.set(id, [number]);
      else known.push(number);
    }
  }
  const isForgotten = new Uint8Array(units.length);
  /** All 0 between two questions. */
  const counts = new Int32Array(units.length);
  return {
    overlaps(accounts, visit) {
      const met: number[] = [];
      for (const id of accounts) {
        for (const number of unitsOf.get(id) ?? []) {
          if (isForgotten[number] === 1) continue;
          const count = counts[number] ?? 0;
          if (count === 0) met.push(number);
          counts[number] = count + 1;
        }
      }
      for (const number of met) {
        const unit = units[number];
        if (unit !== undefined) visit(unit, counts[number] ?? 0);
        counts[number] = 0;
      }
    },
    has(unit) {
      const number = numberOf.get(unit);
      return number !== undefined && isForgotten[number] === 0;
    },
    forget(unit) {
      const number = numberOf.get(unit);
      if (number !== undefined) isForgotten[number] = 1;
    },
  };
}
