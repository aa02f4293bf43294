import { BINS_AN_HOUR } from './lockstep.ts';
import type { QueueSettings } from './settings.ts';
import type { WorkBundle } from './work-bundle.ts';
import {
  hasTimetable,
  irregularity,
  leastQuarter,
  median,
  recurrence,
  type Superposition,
  superposition,
  unevenness,
  type WorkHistory,
} from './work-statistics.ts';

/** Hours: longer than a sticky session (5 in relay software), so that differences this far apart see all of it. */
const SESSION = 8;

/** How a bundle of work is done, and by whom if one queue is behind it. */
export interface QueueFinding {
  accounts: number;
  calls: number;
  unevenness: number;
  bursts: number;
  sittings: number;
  roundTheClock: number;
  daily: number;
  irregularity: number;
  /** Superposition, once with blocks in which an account has a call, once with blocks of half a session. */
  dealt: Superposition;
  turns: Superposition;
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
  const known = histories.filter(({ bins }) => now - (bins[0] ?? now) >= settings.settledAfter);
  const settled = withoutSittings(known, settings);
  if (settled.length < settings.leastOfKnown * known.length) return null;
  const calls = settled.reduce((total, { bins }) => total + bins.length, 0);
  if (settled.length < settings.leastAccounts || calls < settings.leastCalls) return null;
  const first = settled.reduce((least, { bins }) => Math.min(least, bins[0] ?? least), now);
  if (now - first < settings.leastSpan) return null;

  const even = unevenness(trimmed(settled, settings.trimmed));
  const { bursts, sittings, sittingsExpected, roundTheClock, daily } = recurrence(settled);
  if (sittingsExpected < settings.leastPairs) return null;
  const span = { from: first, to: now };
  const perBlock = Math.max(1, Math.min(6, Math.ceil(1 / (even.rate * BINS_AN_HOUR))));
  // A day apart when there is enough of it: the trend of the day is then out entirely.
  const apart = now - first >= 60 * BINS_AN_HOUR ? 24 : SESSION;
  const dealt = superposition(settled, {
    ...span,
    block: perBlock * BINS_AN_HOUR,
    lag: Math.max(1, Math.floor(apart / perBlock)),
  });
  const turns = superposition(settled, { ...span, block: (SESSION / 2) * BINS_AN_HOUR, lag: 2 });
  const irregular = irregularity(settled);
  const timetables = settled.filter(({ bins }) => hasTimetable(bins)).length / settled.length;
  const quarter = leastQuarter(settled, first, now);
  const { fillings } = bundle;
  const repeated = fillings.known === 0 ? 0 : fillings.again / fillings.known;

  const memoryless =
    sittings <= settings.mostSittings &&
    roundTheClock >= settings.leastRoundTheClock &&
    // Clocks of one make are as even and as regular, but do not know of each other.
    (sittings >= settings.regularBelow ||
      irregular >= settings.leastIrregular ||
      dealt.deviations >= settings.dependentFrom);
  const takingTurns =
    settled.length >= settings.turns.leastAccounts &&
    irregular >= settings.leastIrregular &&
    daily <= settings.turns.mostDaily &&
    (bursts <= settings.turns.spacedBelow ||
      (bursts <= settings.turns.mostBursts &&
        turns.ratio <= settings.turns.mostSmooth &&
        turns.deviations <= -settings.turns.dependentFrom));
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
    bursts,
    sittings,
    roundTheClock,
    daily,
    irregularity: irregular,
    dealt,
    turns,
    timetables,
    leastQuarter: quarter,
    repeated,
    members: found ? alike(histories, even, bundle.breadth, settings) : [],
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

/** Of the calls that an account of the common rate would have had: one of its members in 400 is left out. */
const DEVIATIONS = 3;

/**
 * The accounts that are like the queue's others: a bystander with one of its templates has another rate, comes in sittings, or does only that one where the
 * queue deals everybody everything.
 */
function alike(
  histories: readonly WorkHistory[],
  { rate, excess }: { rate: number; excess: number },
  breadth: ReadonlyMap<string, number>,
  settings: QueueSettings,
): string[] {
  const broad = settings.leastBreadth * median(histories.map(({ id }) => breadth.get(id) ?? 0));
  const enough = histories.filter(({ id, bins, exposure }) => {
    if ((breadth.get(id) ?? 0) < broad) return false;
    const expected = rate * exposure;
    const deviation = Math.abs(bins.length - expected) / Math.sqrt(expected + excess * expected ** 2);
    return bins.length >= settings.leastCallsOfMember && deviation <= DEVIATIONS;
  });
  return withoutSittings(enough, settings).map(({ id }) => id);
}

/**
 * Without the accounts whose calls are much closer together than the median account's: of the hours that as many calls at random would fall into, how many
 * they do, and the same inside the hours. Nobody is left out for his rate here, since how even the rates are is to be measured.
 */
function withoutSittings(histories: readonly WorkHistory[], settings: QueueSettings): readonly WorkHistory[] {
  const spreads = histories.map(({ bins, exposure }) => {
    const distinct = (unit: number): number => new Set(bins.map((bin) => Math.floor(bin / unit))).size;
    const hours = exposure / BINS_AN_HOUR;
    return (distinct(BINS_AN_HOUR) / (hours * (1 - Math.exp(-bins.length / hours)))) * (distinct(1) / bins.length);
  });
  const least = settings.leastSpread * median(spreads);
  return histories.filter((_, at) => (spreads[at] ?? 0) >= least);
}
