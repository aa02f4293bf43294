import { join } from 'node:path';
import type { Fault } from './fault.ts';
import { VICTIMS } from './harness/rig.ts';
import { hasEverything, until } from './harness/watch.ts';

const BACK_WITHIN = 60_000;

/**
 * Services are replaced one after the other under load, as a rolling upgrade does it, by those of an earlier checkout, and back: a deployment, and a rollback of
 * it. What each has left in Kafka the other must be able to go on with.
 */
export function upgrade(earlier: string): Fault {
  const version = join(earlier, 'test/faults/harness/service.ts');
  return {
    name: 'upgrade',
    what: `services replaced one by one by those of ${earlier}, and back, under load`,
    perHundred: 20,
    roundsPerStack: 10,
    lasts: 30_000,
    async round(rig) {
      for (const main of [version, undefined])
        for (const name of VICTIMS) {
          const service = rig.service(name);
          const code = await service.stop();
          if (code !== 0) throw new Error(`${name} ended with ${code} when it was to be replaced`);
          await service.start({}, main);
          await until(`the other ${name} has its work`, BACK_WITHIN, () =>
            hasEverything(service, name, rig.partitions),
          );
        }
      return `${VICTIMS.join(', ')}: to the earlier and back`;
    },
  };
}
