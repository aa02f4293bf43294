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
/** Alerts are few: notify may have nothing to commit for a while. Then the process is killed where it stands. */
const LONGEST_WAIT = 12_000;

export function killInTransaction(sabotage?: Sabotage): Fault {
  // Offsets that a transaction left out are missed when its process is gone straight afterwards.
  const places = sabotage === 'drop-offset' ? PLACES.filter(({ point }) => point === 'after-commit') : PLACES;
  return {
    name: 'kill-in-transaction',
    what: 'kill -9 before and after each step of a transaction, of each producer',
    perHundred: 2 * places.length,
    roundsPerStack: places.length,
    async round(rig, random, round) {
      const place = places[round % places.length];
      if (place === undefined) throw new RangeError(`no place for round ${round}`);
      const { victim, producer, point } = place;
      const service = rig.service(victim);
      await service.kill();
      const passage = 1 + random.below(MOST_PASSAGES);
      const armed = { point, producer, passage, signal: 'SIGKILL' } as const;
      await rig.startWith(service, sabotage === undefined ? { armed } : { armed, sabotage });
      const reached = await Promise.race([service.ended().then(() => true), delay(LONGEST_WAIT, false)]);
      await service.kill();
      await service.start();
      return `${victim} at ${producer}* ${point} ${passage}${reached ? '' : ', not reached: killed where it stood'}`;
    },
  };
}
