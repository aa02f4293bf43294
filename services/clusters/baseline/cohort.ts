import type { Accumulator } from '../../records/accumulator.ts';
import { sortedValues } from '../../records/value-counts.ts';

/** Parts of a cohort's name, from the widest to the narrowest: dropping the last ones gives wider cohorts. */
export type Cohort = readonly string[];

const SEPARATOR = '/';
/** Longer names, which callers choose, are cut. */
const LONGEST_PART = 64;

/** plan / dominant operation / family of the dominant model / size band (powers of 4 calls of one account in one window). */
export function cohortOf(plan: string | null, accumulator: Accumulator, callsOfAccount: number): Cohort {
  const operation = sortedValues(accumulator.operations)[0]?.value ?? 'none';
  const model = sortedValues(accumulator.models)[0]?.value ?? 'none';
  return [
    plan ?? 'unknown',
    operation,
    modelFamily(model),
    `calls-4^${Math.floor(Math.log2(Math.max(1, callsOfAccount)) / 2)}`,
  ].map((part) => part.replaceAll(SEPARATOR, '_').slice(0, LONGEST_PART));
}

/** A model's name up to its first digit: versions of one family are one cohort. */
function modelFamily(model: string): string {
  return /^[^\d]*[^\d\W_]/.exec(model)?.[0] ?? model;
}

export function cohortName(cohort: Cohort): string {
  return cohort.join(SEPARATOR);
}

export function cohortNamed(name: string): Cohort {
  return name.split(SEPARATOR);
}

/** From the cohort itself to everybody (''). */
export function widening(cohort: Cohort): string[] {
  return [
    ...Array.from({ length: cohort.length }, (_, dropped) => cohortName(cohort.slice(0, cohort.length - dropped))),
    '',
  ];
}
