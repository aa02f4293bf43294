import { HOUR, MINUTE } from '../../services/records/window.ts';
import { quantile } from '../support/quantile.ts';
import { type Fault, wordsOf } from './fault.ts';
import { GRACE } from './harness/input.ts';
import { type Rig, VICTIMS, type Victim } from './harness/rig.ts';
import { type Sample, slope } from './harness/slope.ts';
import { residentBytes } from './harness/watch.ts';

const MB = 1024 * 1024;
/** After a fault is undone, everything that was sent by then is scored, stored and told within this. */
const TOLD_WITHIN = 30_000;
/** Samples of the time in which caches fill up are left out. */
const WARM_UP = 0.25;
/** Of its usual size a service may grow in an hour: less than how its size varies from one moment to the next. */
const MOST_GROWTH = 0.1;
/** Hours that samples must be of: before, most of what a service grows by is its start. */
const LEAST_TIME = 1;

interface Seen {
  begun: number;
  /** Milliseconds from the end of each round's fault until everything was told. */
  told: number[];
  /** Hours, and MB resident when everything was told. */
  sizes: Map<Victim, Sample[]>;
}

/** For hours on one stack: after each fault it must be as good as before within half a minute, and not have grown in the end. */
export function soak(fault: Fault): Fault {
  const stacks = new WeakMap<Rig, Seen>();
  const seenOn = (rig: Rig): Seen => {
    const seen = stacks.get(rig) ?? {
      begun: performance.now(),
      told: [],
      sizes: new Map(VICTIMS.map((name) => [name, []])),
    };
    stacks.set(rig, seen);
    return seen;
  };
  return {
    name: 'soak',
    what: `for hours ${fault.what}; each time everything is told within ${TOLD_WITHIN / 1_000} s, and nobody grows`,
    perHundred: 500,
    roundsPerStack: 500,
    long: true,
    // A round's share of the rest is small: those that disturb how alerts are told need some to tell from the first one on.
    sentBefore: 0.2,
    lasts: fault.lasts ?? 0,
    async round(rig, random, round) {
      const seen = seenOn(rig);
      const what = wordsOf(await fault.round(rig, random, round));
      const healed = performance.now();
      await rig.keepUp(closedBy(rig), TOLD_WITHIN).catch((error: unknown) => {
        throw new Error(`after ${what}`, { cause: error });
      });
      const took = performance.now() - healed;
      seen.told.push(took);
      for (const [name, sizes] of seen.sizes) {
        const bytes = await residentBytes(rig.service(name).pid());
        sizes.push({ x: (performance.now() - seen.begun) / HOUR, y: bytes / MB });
      }
      return `${what}; told ${(took / 1_000).toFixed(1)} s after`;
    },
    async over(rig) {
      const { begun, told, sizes } = seenOn(rig);
      const grown = [...sizes].map(([name, all]) => {
        const samples = all.slice(Math.floor(all.length * WARM_UP));
        return {
          name,
          usual: quantile(
            samples.map(({ y }) => y),
            0.5,
          ),
          anHour: slope(samples),
        };
      });
      const said = `told p50 ${(quantile(told, 0.5) / 1_000).toFixed(1)} s, at most ${(Math.max(...told) / 1_000).toFixed(1)} s after a fault; ${grown
        .map(({ name, usual, anHour }) => `${name} ${usual.toFixed(0)} MB, ${anHour.toFixed(1)} MB an hour`)
        .join('; ')}`;
      const time = (performance.now() - begun) / HOUR;
      if (time < LEAST_TIME)
        return `${said}; ${(60 * time).toFixed(0)} minutes are too few to say whether anybody grows`;
      if (grown.some(({ usual, anHour }) => anHour > usual * MOST_GROWTH)) throw new Error(`somebody grows: ${said}`);
      return said;
    },
  };
}

/** Event time of which every window is closed by what has been published. */
function closedBy({ published, partitions }: Rig): number {
  if (published.size < partitions) return 0;
  return Math.floor((Math.min(...published.values()) - GRACE) / MINUTE) * MINUTE - MINUTE;
}
