import hourProfiles from './data/hour-profiles.json' with { type: 'json' };
import lengths from './data/lengths.json' with { type: 'json' };
import { fromQuantiles, gamma, normal } from './distributions.ts';
import type { Random } from './random.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** ServeGen describes clients in windows of ten minutes. */
export const ARRIVAL_WINDOW_MS = 600_000;

export type HourProfile = keyof typeof hourProfiles;

/** When and how often one client calls. */
export interface Rhythm {
  /** Mean calls a day over a whole week. */
  callsPerDay: number;
  /** Coefficient of variation of the inter-arrival times inside an active window. */
  interarrivalCv: number;
  /** Share of ten-minute windows with activity, 0..1; 1 = always on. */
  activeShare: number;
  /** Mean length of an active spell, in windows. */
  spellWindows: number;
  hourProfile: HourProfile;
  /** Hours east of UTC. */
  utcOffset: number;
  /** Saturday's and Sunday's rate against a working day's. */
  weekendFactor: number;
}

/** Relative rate at a time: 1 on average over the week. */
export function weeklyShape(rhythm: Rhythm, time: number): number {
  const local = time + rhythm.utcOffset * HOUR_MS;
  const hour = Math.floor(local / HOUR_MS) % 24;
  const weekday = (Math.floor(local / DAY_MS) + 4) % 7;
  const weekend = weekday === 0 || weekday === 6;
  const scale = 7 / (5 + 2 * rhythm.weekendFactor);
  return (hourProfiles[rhythm.hourProfile][hour] ?? 1) * scale * (weekend ? rhythm.weekendFactor : 1);
}

/** Median 1.2, 5th percentile about 0.6, 95th about 9: ServeGen's clients (research/detection.md), so two different sigmas. */
export function drawInterarrivalCv(random: Random): number {
  const z = normal(random);
  return Math.min(20, 1.2 * Math.exp(z * (z < 0 ? 0.42 : 1.225)));
}

/** ServeGen's distribution of the share of active ten-minute windows, without the clients that hardly ever call. */
export function drawActiveShare(random: Random): number {
  return Math.max(0.02, fromQuantiles(random, lengths.client_quantiles.active_window_share));
}

/**
 * Arrival times in [start, end), ascending, whole milliseconds: a Gamma renewal process with unit mean in operational time, mapped
 * through the cumulative rate, which is constant within ten-minute windows. The first gap is the stationary residual
 * (a uniform part of a size-biased Gamma), so that nothing is special about the start.
 * `rateAt` gives calls a millisecond for the window that begins at its argument.
 */
export function* renewalArrivals(
  random: Random,
  start: number,
  end: number,
  cv: number,
  rateAt: (windowStart: number) => number,
): Generator<number> {
  const shape = 1 / (cv * cv);
  let needed = (gamma(random, shape + 1) / shape) * random.next();
  for (
    let window = Math.floor(start / ARRIVAL_WINDOW_MS) * ARRIVAL_WINDOW_MS;
    window < end;
    window += ARRIVAL_WINDOW_MS
  ) {
    const rate = rateAt(window);
    let time = Math.max(window, start);
    const windowEnd = Math.min(window + ARRIVAL_WINDOW_MS, end);
    for (;;) {
      const capacity = (windowEnd - time) * rate;
      if (needed >= capacity) {
        needed -= capacity;
        break;
      }
      time += needed / rate;
      yield Math.min(Math.floor(time), windowEnd - 1);
      needed = gamma(random, shape) / shape;
    }
  }
}

/** Arrivals of one client: weekly shape times on/off spells (a two-state Markov chain over ten-minute windows) times the renewal process. */
export function clientArrivals(random: Random, rhythm: Rhythm, start: number, end: number): Generator<number> {
  const share = rhythm.activeShare;
  const perMillisecond = rhythm.callsPerDay / DAY_MS / share;
  const spells = random.fork('spells');
  const leave = 1 / Math.max(1, rhythm.spellWindows);
  const enter = share >= 1 ? 1 : Math.min(1, (leave * share) / (1 - share));
  let active = spells.chance(share);
  return renewalArrivals(random, start, end, rhythm.interarrivalCv, (window) => {
    active = share >= 1 || (active ? !spells.chance(leave) : spells.chance(enter));
    return active ? perMillisecond * weeklyShape(rhythm, window) : 0;
  });
}
