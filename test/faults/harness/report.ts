import type { KeptOutcome } from './kept-run.ts';
import { neverReached, sumPlaces } from './places.ts';

export interface NotRun {
  fault: string;
  reason: string;
  /** Whoever started the suite has said that it may be left out. */
  isAllowed: boolean;
}

export interface Report {
  outcomes: readonly KeptOutcome[];
  notRun: readonly NotRun[];
}

const row = (fault: string, rounds: string, seed: string, verdict: string, seconds: string): string =>
  `${fault.padEnd(22)} ${rounds.padStart(6)} ${seed.padStart(6)}  ${verdict.padEnd(9)} ${seconds.padStart(7)}`;

export const verdictOf = ({ fault, rounds, seed, equal, seconds }: KeptOutcome): string =>
  row(fault, String(rounds), String(seed), equal ? 'equal' : 'NOT EQUAL', seconds.toFixed(0));

/** A line for each stack and each fault that was not run. */
export function tableOf({ outcomes, notRun }: Report): string[] {
  return [
    row('fault', 'rounds', 'seed', 'equal', 'seconds'),
    ...outcomes.map(verdictOf),
    ...notRun.map(({ fault, reason }) => `${row(fault, '0', '', 'NOT RUN', '')}  ${reason}`),
  ];
}

/** Places that a fault aimed at in some round, and met in none. */
export function missedPlaces(outcomes: readonly KeptOutcome[]): string[] {
  return [...Map.groupBy(outcomes, ({ fault }) => fault)].flatMap(([fault, stacks]) =>
    neverReached(sumPlaces(stacks.map(({ places }) => places))).map((place) => `${fault}: ${place}`),
  );
}

/** Whether everything that was asked for was done, and left what an undisturbed run leaves. Nothing done is nothing shown. */
export function isGood({ outcomes, notRun }: Report): boolean {
  return (
    outcomes.length > 0 &&
    outcomes.every(({ equal }) => equal) &&
    notRun.every(({ isAllowed }) => isAllowed) &&
    missedPlaces(outcomes).length === 0
  );
}
