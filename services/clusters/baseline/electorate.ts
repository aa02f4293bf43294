import type { AccountWindow } from '../../records/account-window.ts';
import { type Cohort, cohortName, cohortOf } from './cohort.ts';

/**
 * Cohorts that are told of in one message. A cohort is named after what callers ask for, model and operation, which they choose: thousands of accounts that
 * each ask for a model of their own making would else make a message that no broker takes, and the line would stand.
 */
const MOST_COHORTS = 256;

/** An account with the cohort that it votes in. */
export interface Voter {
  window: AccountWindow;
  cohort: string;
}

/**
 * Who votes where: each in its own cohort, but beyond the most populous ones in the widest that has its plan, to which every vote is added anyway. Depends on
 * who votes and not on their order. `widened`: how many vote so.
 */
export function electorate(windows: readonly AccountWindow[]): { voters: Voter[]; widened: number } {
  const cohorts = windows.map(({ profile, accumulator }) => cohortOf(profile.plan, accumulator, accumulator.calls));
  const sizes = new Map<string, number>();
  for (const cohort of cohorts) sizes.set(cohortName(cohort), (sizes.get(cohortName(cohort)) ?? 0) + 1);
  const kept = new Set(mostPopulous(sizes, MOST_COHORTS));
  let widened = 0;
  const nameOf = (cohort: Cohort): string => {
    const name = cohortName(cohort);
    if (kept.has(name)) return name;
    widened++;
    return cohortName(cohort.slice(0, 1));
  };
  const voters = windows.map((window, i) => ({ window, cohort: nameOf(cohorts[i] ?? []) }));
  return { voters, widened };
}

/** At most so many names, those with the largest numbers; of equal ones the first by name. */
export function mostPopulous(sizes: ReadonlyMap<string, number>, most: number): string[] {
  if (sizes.size <= most) return [...sizes.keys()];
  return [...sizes]
    .sort(([a, sizeOfA], [b, sizeOfB]) => sizeOfB - sizeOfA || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
}
