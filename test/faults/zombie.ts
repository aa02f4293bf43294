import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { inTurn } from './harness/choose.ts';
import type { FaultPoint, Sabotage } from './harness/fault-points.ts';
import type { Victim } from './harness/rig.ts';
import { hasEverything, isFrozen, until } from './harness/watch.ts';

/** A service, one of its producers, and where in a transaction it freezes. Whoever freezes there holds something that it still wants to write. */
const PLACES: readonly { victim: Victim; producer: string; point: FaultPoint }[] = [
  { victim: 'calls', producer: 'stillwatch.calls.', point: 'before-commit' },
  { victim: 'clusters', producer: 'stillwatch.premerge.', point: 'before-offset' },
  { victim: 'links', producer: 'stillwatch.links.', point: 'before-send' },
  { victim: 'clusters', producer: 'stillwatch.score.', point: 'after-send' },
  { victim: 'sink', producer: 'stillwatch.sink.', point: 'before-commit' },
  { victim: 'notify', producer: 'stillwatch.notify.', point: 'before-commit' },
];
const MOST_PASSAGES = 2;
const FREEZES_WITHIN = 40_000;
/** Longer than the session timeout. */
const MOVES_ON_WITHIN = 60_000;
const ENDS_WITHIN = 30_000;

/**
 * A process stops in the middle of a transaction, the group moves on to another, then the first wakes up: it must write nothing more, and end by itself
 * with an error that says why.
 */
export function zombie(sabotage?: Sabotage): Fault {
  return {
    name: 'zombie',
    what: 'SIGSTOP in a transaction until the group has moved on, then SIGCONT',
    perHundred: 24,
    roundsPerStack: PLACES.length,
    lasts: 40_000,
    unmerged: true,
    async round(rig, random, round) {
      const { victim, producer, point } = inTurn(PLACES, round);
      const service = rig.service(victim);
      await service.kill();
      if (victim === 'notify') await rig.alertsToTell();
      const passage = victim === 'notify' ? 1 : 1 + random.below(MOST_PASSAGES);
      const plan = { armed: { point, producer, passage, signal: 'SIGSTOP' } as const };
      await rig.startWith(service, sabotage === undefined ? plan : { ...plan, sabotage });
      await until(`${victim} freezes`, FREEZES_WITHIN, () => isFrozen(service.pid()));
      const successor = await rig.join(victim, sabotage === undefined ? {} : { sabotage });
      await until(`another ${victim} has all of its work`, MOVES_ON_WITHIN, () =>
        hasEverything(successor, victim, rig.partitions),
      );
      service.signal('SIGCONT');
      const code = await Promise.race([service.ended(), delay(ENDS_WITHIN, 'still there' as const)]);
      if (sabotage === undefined) {
        assert.equal(code, 1, `the zombie of ${victim} ends by itself`);
        assert.match(await service.log(), /counted this process out/, 'and says why');
        rig.expected(victim, 1);
      } else await service.kill();
      await successor.stop();
      await service.start();
      return `${victim} frozen at ${producer}* ${point} ${passage}`;
    },
  };
}
