import type { Hasher } from '../fingerprint/hasher.ts';
import { DAY } from '../records/window.ts';
import type { StateTables } from '../stream/state-table.ts';
import { createCrowdSketch } from './crowd-sketch.ts';
import { BIN_LENGTH, BINS_AN_HOUR } from './lockstep.ts';
import type { WorkSettings } from './settings.ts';
import type { WorkSighting } from './work-sighting.ts';

/** A template, band or shape that several accounts use. Plain data. */
interface WorkUnit {
  /** Bin of the latest sighting by account. */
  accounts: Map<string, number>;
  /** The first of its fillings in the time that is remembered. */
  fillings: Map<number, Filling>;
  /** Found to be worked off by a queue: then everybody is recorded, not only a sample. */
  queue: boolean;
}

interface Filling {
  account: string;
  bin: number;
  /** Another account came with it later: people who share a task, not a dispatcher, which asks once (and at once again when a call failed). */
  again: boolean;
}

/** What is known of one unit of work. */
export interface UnitHistory {
  unit: string;
  /** Bins of the calls by account, ascending, one entry a call. */
  calls: ReadonlyMap<string, readonly number[]>;
  /** Everybody whose calls had it among their units, recorded with it or with another. */
  sighted: { has(id: string): boolean };
  fillings: { known: number; again: number };
}

/** Who did what when, of the last days, for work that several accounts do. Each call is recorded once, with the most specific of its
 * units that others share: the template, else a band of its opening, else one of its tail. */
export interface WorkLog {
  /** The unit under which it is recorded; null when none of them is shared. */
  add(id: string, sighting: WorkSighting): string | null;
  /** Forgets what is too old at `now`; everything else, sorted by unit, and good until the next call is added. */
  review(now: number): UnitHistory[];
  markQueues(units: ReadonlySet<string>): void;
  readonly size: number;
}

export function createWorkLog(
  tables: StateTables,
  hasher: Hasher,
  settings: WorkSettings,
  count: (name: string, reason: string) => void,
): WorkLog {
  const units = tables.table<WorkUnit>('work_units');
  const calls = tables.table<number[]>('work_calls');
  const sketch = createCrowdSketch(tables);
  const keyOf = (unit: string, id: string): string => `${unit} ${id}`;
  /** The same arrays as in `calls`, by unit and account: every one of them is looked at four times a day, and to find each by its key would cost more than all that is done with it. */
  const callsOf = new Map<string, Map<string, number[]>>();
  const note = (unit: string, id: string, bins: number[]): void => {
    const ofUnit = callsOf.get(unit);
    if (ofUnit === undefined) callsOf.set(unit, new Map([[id, bins]]));
    else ofUnit.set(id, bins);
  };
  for (const [key, bins] of calls.entries()) {
    const space = key.indexOf(' ');
    note(key.slice(0, space), key.slice(space + 1), bins);
  }

  /** What is sketched is forgotten at midnight, which is when keys may change. */
  const tracked = (unit: string, { hash32 }: Hasher, idHash: number): WorkUnit | null => {
    const known = units.get(unit);
    if (known !== undefined) return known;
    if (sketch.add(hash32(unit), idHash) < settings.noticedFrom) return null;
    if (units.size >= settings.mostUnits) {
      count('refused', 'work_unit');
      return null;
    }
    return { accounts: new Map(), fillings: new Map(), queue: false };
  };

  const addCall = (unit: string, id: string, bin: number): void => {
    const known = callsOf.get(unit)?.get(id);
    const bins = known ?? [];
    bins.splice(bins.findLastIndex((earlier) => earlier <= bin) + 1, 0, bin);
    if (bins.length > settings.mostCalls) bins.shift();
    calls.set(keyOf(unit, id), bins);
    if (known === undefined) note(unit, id, bins);
  };

  const addFilling = ({ fillings }: WorkUnit, id: string, bin: number, hash: number): void => {
    const known = fillings.get(hash);
    if (known !== undefined) {
      if (known.account !== id && Math.abs(bin - known.bin) > BINS_AN_HOUR)
        fillings.set(hash, { ...known, again: true });
      return;
    }
    if (fillings.size < settings.fillings) fillings.set(hash, { account: id, bin, again: false });
  };

  /** What is left of a unit's calls, by account, in no order and good until the next call is added; whether anything of the unit itself is gone. */
  const forgetOld = (name: string, unit: WorkUnit, before: number) => {
    let isChanged = false;
    for (const [id, latest] of unit.accounts) if (latest < before) isChanged = unit.accounts.delete(id);
    const kept = callsOf.get(name) ?? new Map<string, number[]>();
    for (const [id, bins] of kept) {
      if ((bins[0] ?? before) >= before) continue;
      const recent = bins.filter((bin) => bin >= before);
      if (recent.length === 0) {
        calls.delete(keyOf(name, id));
        kept.delete(id);
      } else {
        calls.set(keyOf(name, id), recent);
        kept.set(id, recent);
      }
    }
    if (kept.size === 0) callsOf.delete(name);
    for (const [hash, { bin }] of unit.fillings) if (bin < before) isChanged = unit.fillings.delete(hash);
    return { kept, isChanged };
  };

  return {
    add(id, { bin, units: names, filling }) {
      let chosen: { name: string; unit: WorkUnit } | null = null;
      const own = hasher.at(bin * BIN_LENGTH);
      const idHash = own.hash32(id);
      for (const name of names) {
        const unit = tracked(name, own, idHash);
        if (unit === null) continue;
        const most = unit.queue ? settings.mostAccountsOfQueue : settings.mostAccounts;
        const latest = unit.accounts.get(id);
        if (latest === undefined && unit.accounts.size >= most) continue;
        if (latest === undefined || latest < bin) unit.accounts.set(id, bin);
        units.set(name, unit);
        chosen ??= { name, unit };
      }
      if (chosen === null) return null;
      addCall(chosen.name, id, bin);
      if (filling !== null) addFilling(chosen.unit, id, bin, filling);
      return chosen.name;
    },
    review(now) {
      if (now % DAY === 0) sketch.clear();
      const before = (now - settings.memory) / BIN_LENGTH;
      const histories: UnitHistory[] = [];
      for (const [name, unit] of [...units.entries()].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const { kept, isChanged } = forgetOld(name, unit, before);
        if (unit.accounts.size === 0) {
          units.delete(name);
          continue;
        }
        if (isChanged) units.set(name, unit);
        const again = [...unit.fillings.values()].filter((filling) => filling.again).length;
        histories.push({
          unit: name,
          calls: kept,
          sighted: unit.accounts,
          fillings: { known: unit.fillings.size, again },
        });
      }
      return histories;
    },
    markQueues(names) {
      for (const [name, unit] of units.entries()) {
        if (unit.queue === names.has(name)) continue;
        units.set(name, { ...unit, queue: names.has(name) });
      }
    },
    get size() {
      return units.size;
    },
  };
}
