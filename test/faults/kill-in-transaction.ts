import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { FAULT_POINTS, type FaultPoint, type Sabotage } from './harness/fault-points.ts';
import type { Victim } from './harness/rig.ts';

/** Every kind of transactional producer there is, by the beginning of its transactional id. */
const PRODUCERS: readonly { victim: Victim; producer: string; points: readonly FaultPoint[] }[] = [
  { victim: 'calls', producer: 'stillwatch.calls.', points: FAULT_POINTS },
  { victim: 'links', producer: 'stillwatch.links.', points: FAULT_POINTS },
  { victim: 'clusters', producer: 'stillwatch.premerge.', points: FAULT_POINTS },
  { victim: 'clusters', producer: 'stillwatch.score.', points: FAULT_POINTS },
  // Their output is not in Kafka: offsets alone.
  { victim: 'sink', producer: 'stillwatch.sink.', points: ['before-offset', 'before-commit', 'after-commit'] },
  { victim: 'notify', producer: 'stillwatch.notify.', points: ['before-offset', 'before-commit', 'after-commit'] },
];
const PLACES = PRODUCERS.flatMap(({ points, ...rest }) => points.map((point) => ({ ...rest, point })));

/** A killed member's successor begins seconds later, and then has much to do at once: few transactions. */
const MOST_PASSAGES = 2;
const LONGEST_WAIT = 12_000;
/** The process may have nothing to do for a while. Then it is tried again, and counts for nothing when that stays so. */
const MOST_ATTEMPTS = 3;

export function killInTransaction(sabotage?: Sabotage): Fault {
  // Offsets that a transaction left out are missed when its process is gone straight afterwards.
  const places = sabotage === 'drop-offset' ? PLACES.filter(({ point }) => point === 'after-commit') : PLACES;
  return {
    name: 'kill-in-transaction',
    what: 'kill -9 before and after each step of a transaction, of each producer',
    perHundred: 2 * places.length,
    roundsPerStack: places.length,
    lasts: 20_000,
    async round(rig, random, round) {
      const aim = places[round % places.length];
      if (aim === undefined) throw new RangeError(`no place for round ${round}`);
      const { victim, producer, point } = aim;
      const service = rig.service(victim);
      let passage = 1 + random.below(MOST_PASSAGES);
      let isReached = false;
      for (let attempt = 0; attempt < MOST_ATTEMPTS && !isReached; attempt++) {
        if (attempt > 0) passage = 1;
        await service.kill();
        if (victim === 'notify') await rig.alertsToTell();
        const armed = { point, producer, passage, signal: 'SIGKILL' } as const;
        await rig.startWith(service, sabotage === undefined ? { armed } : { armed, sabotage });
        isReached = await Promise.race([service.ended().then(() => true), delay(LONGEST_WAIT, false)]);
      }
      if (isReached) rig.expected(victim, 'SIGKILL');
      await service.kill();
      await service.start();
      const place = `${victim} at ${producer}* ${point}`;
      return { did: `${place} ${passage}${isReached ? '' : ', not reached: killed where it stood'}`, place, isReached };
    },
  };
}
