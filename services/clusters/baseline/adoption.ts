import type { AccountWindow } from '../../records/account-window.ts';
import type { BaselinePartial } from '../../records/subject-window.ts';
import type { ValueCounts } from '../../records/value-counts.ts';
import { DAY, HOUR } from '../../records/window.ts';
import type { StateTables } from '../../stream/state-table.ts';
import { mostPopulous } from './electorate.ts';
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

/** Models that are told of in one message. Callers name models, also such as do not exist: see electorate.ts. */
const MOST_TOLD = 1_000;
/** Models remembered, and for how long after the last call. */
const MOST_MODELS = 20_000;
const FORGOTTEN_AFTER = 30 * DAY;

/**
 * How each model is used: by unlinked accounts as thousandths of their calls, by the others only that it is. Beyond the bound those that most accounts use; `left`:
 * how many are left out.
 */
export function modelVotes(
  unlinked: readonly AccountWindow[],
  everybody: readonly AccountWindow[],
): { models: Models; left: number } {
  const users = new Map<string, number>();
  for (const { accumulator } of everybody)
    for (const { value } of accumulator.models.values) users.set(value, (users.get(value) ?? 0) + 1);
  const told = mostPopulous(users, MOST_TOLD);
  const weights = new Map(told.map((model) => [model, 0]));
  for (const { accumulator } of unlinked) {
    const { values } = accumulator.models;
    const shares = thousandths(values.map(({ count }) => count));
    for (const [i, { value }] of values.entries()) {
      const weight = weights.get(value);
      if (weight !== undefined) weights.set(value, weight + (shares[i] ?? 0));
    }
  }
  const models = [...weights]
    .map(([model, weight]) => ({ model, weight }))
    .sort((a, b) => (a.model < b.model ? -1 : a.model > b.model ? 1 : 0));
  return { models, left: users.size - told.length };
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

/** When a model was first and last called. */
interface Called {
  first: number;
  last: number;
}

/** Which models are new, and how far customers have taken them up: one account, one vote an hour. */
export function createAdoption(tables: StateTables, evicted: (models: number) => void): Adoption {
  const called = tables.table<Called>('models-called');
  const watch = tables.table<number>('adoption-watch');
  const recent = tables.table<{ end: number; accounts: number; models: Models }>('adoption');

  const forget = (now: number): void => {
    for (const [model, { last }] of [...called.entries()]) if (now - last >= FORGOTTEN_AFTER) called.delete(model);
    if (called.size <= MOST_MODELS) return;
    // Those not called for longest; of them the last by name.
    const oldest = [...called.entries()].sort(([a, x], [b, y]) => x.last - y.last || (a > b ? -1 : 1));
    const surplus = called.size - MOST_MODELS;
    for (const [model] of oldest.slice(0, surplus)) called.delete(model);
    evicted(surplus);
  };

  return {
    add({ window_end: end, source, models, adopters }) {
      if (models.length === 0) return;
      recent.set(`${end} ${source}`, { end, accounts: adopters, models });
      for (const [key, entry] of [...recent.entries()]) if (end - entry.end >= REMEMBERED) recent.delete(key);
      watch.set('since', Math.min(watch.get('since') ?? end, end));
      for (const { model } of models) {
        const known = called.get(model) ?? { first: end, last: end };
        called.set(model, { first: Math.min(known.first, end), last: Math.max(known.last, end) });
      }
      forget(end);
    },
    pivot(models, calls, time) {
      const watchedSince = watch.get('since') ?? Number.POSITIVE_INFINITY;
      if (time - watchedSince < WARM_UP) return null;
      // A model that nobody is known to have called is as new as can be.
      const isNew = (model: string): boolean => {
        const first = called.get(model)?.first ?? time;
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
