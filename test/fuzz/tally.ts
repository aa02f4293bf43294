import type { Mutant } from './mutant.ts';

/** What became of the inputs. */
export interface Tally {
  inputs: number;
  processed: number;
  dead: number;
  late: number;
  duplicate: number;
  /** Account messages have a sum of their own: applied, or dead letters. */
  accounts: { inputs: number; applied: number; dead: number };
  byReason: ReadonlyMap<string, number>;
}

/** What is wrong with the sum; null when it holds. */
export function imbalance({ inputs, processed, dead, late, duplicate, accounts }: Tally): string | null {
  const found = processed + dead + late + duplicate;
  if (found !== inputs)
    return `${inputs} calls went in, ${found} came out: ${processed} processed + ${dead} dead letters + ${late} late + ${duplicate} duplicates`;
  const foundAccounts = accounts.applied + accounts.dead;
  return foundAccounts === accounts.inputs
    ? null
    : `${accounts.inputs} accounts went in, ${foundAccounts} came out: ${accounts.applied} applied + ${accounts.dead} dead letters`;
}

/** One line for people and for whoever greps. */
export function summaryLine({ inputs, processed, dead, late, duplicate, accounts }: Tally): string {
  const calls = `${inputs} calls = ${processed} processed + ${dead} dead-letter + ${late} late + ${duplicate} duplicate`;
  return `${calls}; ${accounts.inputs} accounts = ${accounts.applied} applied + ${accounts.dead} dead-letter`;
}

export function describe({ index, kind, key, value }: Mutant): string {
  const bytes = value === null ? 'a tombstone' : `${value.length} bytes ${value.toString('hex', 0, 60)}`;
  return `input ${index}, ${kind.name}, key ${key?.toString('hex', 0, 20) ?? 'none'}, ${bytes}`;
}
