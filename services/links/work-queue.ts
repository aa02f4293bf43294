import { BINS_AN_HOUR } from './lockstep.ts';
import type { QueueSettings } from './settings.ts';
import type { WorkBundle } from './work-bundle.ts';
import {
  hasTimetable,
  leastQuarter,
  recurrence,
  superposition,
  unevenness,
  type WorkHistory,
} from './work-statistics.ts';

/** How a bundle of work is done, and by whom if one queue is behind it. */
export interface QueueFinding {
  accounts: number;
  calls: number;
  unevenness: number;
  clustering: number;
  roundTheClock: number;
  superposition: number;
  superpositionDeviations: number;
  timetables: number;
  leastQuarter: number;
  /** Share of the fillings that came again from somebody else. */
  repeated: number;
  /** Accounts that draw on the queue; empty when there is none. */
  members: readonly string[];
}

/**
 * Whether a bundle of work is worked off by one queue. Users of one application share its templates and write their own fillings too, so neither tells; what
 * does is that users differ from each other and come back at times of their own. A queue deals evenly (whatever the dispatch), goes on round the clock
 * without anybody coming in sittings, and where its accounts are not memoryless they depend on each other. README.md has the arithmetic.
 * null: too little is known.
 */
export function judgeWork(bundle: WorkBundle, now: number, settings: QueueSettings): QueueFinding | null {
  const histories = [...bundle.calls].map(([id, bins]) => historyOf(id, bins, now, settings));
  const settled = histories.filter(({ bins }) => now - (bins[0] ?? now) >= settings.settledAfter);
  const calls = settled.reduce((total, { bins }) => total + bins.length, 0);
  if (settled.length < settings.leastAccounts || calls < settings.leastCalls) return null;
  const first = settled.reduce((least, { bins }) => Math.min(least, bins[0] ?? least), now);
  if (now - first < settings.leastSpan) return null;

  const even = unevenness(trimmed(settled, settings.trimmed));
  const { clustering, roundTheClock } = recurrence(settled);
  const { ratio, deviations } = superposition(settled, first, now);
  const timetables = settled.filter(({ bins }) => hasTimetable(bins)).length / settled.length;
  const quarter = leastQuarter(settled, first, now);
  const { known, again } = bundle.fillings;
  const repeated = known === 0 ? 0 : again / known;

  const memoryless =
    clustering <= settings.mostClustering &&
    roundTheClock >= settings.leastRoundTheClock &&
    // Clocks of one make are as even and as regular, but do not know of each other.
    (clustering >= settings.regularBelow || deviations >= settings.dependentFrom);
  const takingTurns = ratio <= settings.mostSmooth && deviations <= -settings.dependentFrom;
  const found =
    even.excess <= settings.mostUneven &&
    quarter >= settings.leastQuarter &&
    timetables <= settings.mostTimetables &&
    repeated <= settings.mostRepeated &&
    (memoryless || takingTurns);
  return {
    accounts: settled.length,
    calls,
    unevenness: even.excess,
    clustering,
    roundTheClock,
    superposition: ratio,
    superpositionDeviations: deviations,
    timetables,
    leastQuarter: quarter,
    repeated,
    members: found ? histories.filter((history) => fits(history, even, memoryless, settings)).map(({ id }) => id) : [],
  };
}

/** From its first call until now, or until its last one when it has been silent for so long that it is gone. */
function historyOf(id: string, bins: readonly number[], now: number, settings: QueueSettings): WorkHistory {
  const first = bins[0] ?? now;
  const last = bins.at(-1) ?? now;
  const gone = bins.length >= settings.leastCallsOfMember && now - last > settings.goneAfter;
  return { id, bins, exposure: Math.max(1, (gone ? last + 1 : now) - first) };
}

/** Without the accounts of the highest and the lowest rates: outsiders, and newcomers whose rate is chance. */
function trimmed(histories: readonly WorkHistory[], share: number): readonly WorkHistory[] {
  const rateOf = ({ bins, exposure }: WorkHistory): number => bins.length / exposure;
  const cut = Math.floor(histories.length * share);
  return [...histories]
    .sort((a, b) => rateOf(a) - rateOf(b) || (a.id < b.id ? -1 : 1))
    .slice(cut, histories.length - cut);
}

const DEVIATIONS = 3.5;

/** Whether one account is like the queue's others: a bystander with the same template has another rate, or comes in sittings. */
function fits(
  { bins, exposure }: WorkHistory,
  { rate, excess }: { rate: number; excess: number },
  memoryless: boolean,
  settings: QueueSettings,
): boolean {
  if (bins.length < settings.leastCallsOfMember) return false;
  const expected = rate * exposure;
  if (Math.abs(bins.length - expected) > DEVIATIONS * Math.sqrt(expected + excess * expected ** 2)) return false;
  if (!memoryless) return true;
  const hours = exposure / BINS_AN_HOUR;
  const occupied = new Set(bins.map((bin) => Math.floor(bin / BINS_AN_HOUR))).size;
  return occupied >= settings.leastOccupied * hours * (1 - Math.exp(-bins.length / hours));
}
