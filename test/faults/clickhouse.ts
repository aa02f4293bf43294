import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { residentBytes, until } from './harness/watch.ts';

const MB = 1024 * 1024;
/** The sink may grow by this much while ClickHouse is away: what waits in its feeds is bounded. */
const MOST_GROWTH = 200 * MB;

/** Killed under load and away for so many milliseconds. */
export function clickHouseAway(away: number): Fault {
  return {
    name: 'clickhouse-away',
    what: `ClickHouse killed with -9 under load and away for ${away / 1_000} s`,
    perHundred: 3,
    roundsPerStack: 3,
    async round(rig, random) {
      await delay(random.below(1_000)); // the instant is the point: nothing to await
      const sink = rig.service('sink').pid();
      const before = await residentBytes(sink);
      await rig.killClickHouse();
      await delay(away); // the length of the outage is the point
      const grown = (await residentBytes(sink)) - before;
      await rig.startClickHouse();
      if (grown > MOST_GROWTH)
        throw new Error(`the sink grew by ${Math.round(grown / MB)} MB while ClickHouse was away`);
      return `away for ${away / 1_000} s, the sink grew by ${Math.round(grown / MB)} MB`;
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
