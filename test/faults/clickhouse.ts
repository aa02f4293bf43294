import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { VICTIMS } from './harness/rig.ts';
import { peakGrowth, until } from './harness/watch.ts';

const MB = 1024 * 1024;
/** Each service may grow by this much while ClickHouse is away: what waits in the sink's feeds is bounded, and nobody else knows of it. */
const MOST_GROWTH = 200 * MB;

/** Killed under load and away for so many milliseconds. `mostGrowth`: Infinity beside other faults, of which services come that have just been started and grow by themselves. */
export function clickHouseAway(away: number, mostGrowth = MOST_GROWTH): Fault {
  return {
    name: 'clickhouse-away',
    what: `ClickHouse killed with -9 under load and away for ${away / 1_000} s`,
    perHundred: 3,
    roundsPerStack: 3,
    lasts: away,
    async round(rig, random) {
      await delay(random.below(1_000)); // the instant is the point: nothing to await
      await rig.killClickHouse();
      // The length of the outage is the point.
      const grown = await peakGrowth(VICTIMS.map(rig.service), delay(away));
      await rig.startClickHouse();
      const said = [...grown].map(([name, bytes]) => `${name} ${Math.round(bytes / MB)}`).join(', ');
      for (const [name, bytes] of grown)
        if (bytes > mostGrowth)
          throw new Error(`${name} grew too much while ClickHouse was away (MB at most: ${said})`);
      return `away for ${away / 1_000} s, growth in MB at most: ${said}`;
    },
  };
}

const SLOW_FOR = 6_000;
const SLOWEST = 3_000;

export const clickHouseSlow: Fault = {
  name: 'clickhouse-slow',
  what: 'everything to and from ClickHouse comes late',
  perHundred: 5,
  roundsPerStack: 5,
  async round(rig, random) {
    rig.proxy.delay = 200 + random.below(SLOWEST);
    const by = rig.proxy.delay;
    await delay(SLOW_FOR); // the length of the fault is the point
    rig.proxy.delay = 0;
    return `by ${by} ms each way`;
  },
};

const MOST_LOST = 4;
const LOST_WITHIN = 20_000;

export const clickHouseReplyLost: Fault = {
  name: 'clickhouse-reply-lost',
  what: 'an insert is stored, but its acknowledgement is lost',
  perHundred: 10,
  async round(rig, random) {
    const wanted = 1 + random.below(MOST_LOST);
    let lost = 0;
    rig.proxy.onInserted = () => {
      lost++;
      return false;
    };
    await until(`${wanted} replies are lost`, LOST_WITHIN, async () => lost >= wanted);
    rig.proxy.onInserted = null;
    return `${lost} replies lost`;
  },
};
