import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { SINK_TRANSACTIONS } from '../../services/sink/lane.ts';
import { transactionalId } from '../../services/stream/kafka/binding.ts';
import { TransactionLine } from '../../services/stream/kafka/transaction.ts';
import type { Fault } from './fault.ts';
import { inTurn } from './harness/choose.ts';
import type { Victim } from './harness/rig.ts';
import { committedBy, hasEverything, until } from './harness/watch.ts';

/** A service, and one of its producers for a partition. */
const PLACES: readonly { victim: Victim; id(partition: number): string }[] = [
  { victim: 'calls', id: (partition) => transactionalId('calls', partition) },
  { victim: 'links', id: () => transactionalId('links', 0) },
  { victim: 'clusters', id: (partition) => transactionalId('premerge', partition) },
  { victim: 'clusters', id: (partition) => transactionalId('score', partition) },
  { victim: 'sink', id: (partition) => `${SINK_TRANSACTIONS}stillwatch.account-windows.${partition}` },
];
const LONGEST_WAIT = 1_000;
const BACK_WITHIN = 60_000;
const LOG = pino({ level: 'silent' });

/**
 * Somebody else begins to write under the transactional id of a task that is at work, as a second copy of the service with its own group would, or a test that
 * was pointed at the wrong cluster. What the task has under way is given up; it makes sure that the work is still its own, and begins again where it committed.
 */
export const hijack: Fault = {
  name: 'hijack',
  what: "another producer takes a task's transactional id: what was under way is given up, and work goes on",
  perHundred: 50,
  async round(rig, random, round) {
    const place = inTurn(PLACES, round);
    const service = rig.service(place.victim);
    const id = place.id(random.below(rig.partitions));
    const wait = random.below(LONGEST_WAIT);
    await delay(wait); // the instant is the point: nothing to await
    const before = await committedBy(service);
    const hijacker = await TransactionLine.open(rig.client, id, LOG);
    hijacker.close();
    await until(`${place.victim} commits more after ${id} was taken`, BACK_WITHIN, async () => {
      // Counted out by its group meanwhile, as a broker that was killed lately may do, it takes itself for a zombie: its supervisor starts it again.
      if (service.pid() === undefined && (await service.log()).includes('counted this process out')) {
        rig.expected(place.victim, 1);
        await service.start();
      }
      const now = await committedBy(service).catch(() => 0n);
      return now > before && (await hasEverything(service, place.victim, rig.partitions));
    });
    return `${id} taken after ${wait} ms`;
  },
};
