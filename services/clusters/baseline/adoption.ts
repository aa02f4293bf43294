import type { AccountWindow } from '../../records/account-window.ts';
import type { BaselinePartial } from '../../records/subject-window.ts';
import type { ValueCounts } from '../../records/value-counts.ts';
import { DAY, HOUR } from '../../records/window.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { thousandths } from './thousandths.ts';

/** A model is new for this long after somebody first called it: half of a reported campaign had moved within a day, customers take weeks. */
const NEW_FOR = 3 * DAY;
/** Adoption is that of the last hours: on the day of a release a longer memory would show customers later than they are. */
const REMEMBERED = 6 * HOUR;
/** Accounts below which the population's adoption is not known. */
const LEAST_ACCOUNTS = 50;
/** Until the population has been watched for a day, a model that is seen first may only be rare. */
const WARM_UP = DAY;

type Models = BaselinePartial['models'];

/** How each model is used: by unlinked accounts as thousandths of their calls, by the others only that it is. */
export function modelVotes(unlinked: readonly AccountWindow[], everybody: readonly AccountWindow[]): Models {
  const weights = new Map<string, number>();
  for (const { accumulator } of everybody) for (const { value } of accumulator.models.values) weights.set(value, 0);
  for (const { accumulator } of unlinked) {
    const { values } = accumulator.models;
    const shares = thousandths(values.map(({ count }) => count));
    for (const [i, { value }] of values.entries()) weights.set(value, (weights.get(value) ?? 0) + (shares[i] ?? 0));
  }
  return [...weights]
    .map(([model, weight]) => ({ model, weight }))
    .sort((a, b) => (a.model < b.model ? -1 : a.model > b.model ? 1 : 0));
}

export interface Pivot {
  /** Calls to new models / calls. */
  share: number;
  /** That, less the mean share of unlinked accounts over the last hours; null while too few are known. */
  excess: number | null;
}

export interface Adoption {
  add(partial: BaselinePartial): void;
  /** null while the population has not been watched for long enough to know a new model. */
  pivot(models: ValueCounts, calls: number, time: number): Pivot | null;
}

/** Which models are new, and how far customers have taken them up: one account, one vote an hour. */
export function createAdoption(tables: StateTables): Adoption {
  const firstSeen = tables.table<number>('model-first-seen');
  const recent = tables.table<{ end: number; accounts: number; models: Models }>('adoption');

  return {
    add({ window_end: end, source, models, adopters }) {
      if (models.length === 0) return;
      recent.set(`${end} ${source}`, { end, accounts: adopters, models });
      for (const [key, entry] of [...recent.entries()]) if (end - entry.end >= REMEMBERED) recent.delete(key);
      for (const { model } of models) firstSeen.set(model, Math.min(firstSeen.get(model) ?? end, end));
    },
    pivot(models, calls, time) {
      let watchedSince = Number.POSITIVE_INFINITY;
      for (const [, first] of firstSeen.entries()) watchedSince = Math.min(watchedSince, first);
      if (time - watchedSince < WARM_UP) return null;
      // A model that nobody is known to have called is as new as can be.
      const isNew = (model: string): boolean => {
        const first = firstSeen.get(model) ?? time;
        return time - first < NEW_FOR && first - watchedSince >= WARM_UP;
      };
      let moved = 0;
      for (const { value, count } of models.values) if (isNew(value)) moved += count;
      const share = calls === 0 ? 0 : moved / calls;
      let accounts = 0;
      let weight = 0;
      for (const [, entry] of recent.entries()) {
        if (time - entry.end >= REMEMBERED) continue;
        accounts += entry.accounts;
        for (const { model, weight: part } of entry.models) if (isNew(model)) weight += part;
      }
      return { share, excess: accounts < LEAST_ACCOUNTS ? null : share - weight / (1_000 * accounts) };
    },
  };
}
