import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceProcess } from '../../infra/local/service-process.ts';
import type { Fault } from './fault.ts';
import { ALL_PARTS, runningParts, until } from './harness/watch.ts';

const SERVICE = 'calls';
const CHANGES = 10;
const MOST_MEMBERS = 8;
const LONGEST_PAUSE = 1_500;
const BALANCED_WITHIN = 90_000;

/** Members come and go faster than their group can settle: an autoscaler that swings, or pods that are evicted one after the other. */
export const rebalanceStorm: Fault = {
  name: 'rebalance-storm',
  what: 'members of calls, up to eight, join, are stopped and are killed without waiting for the group: ten changes a round',
  perHundred: 10,
  roundsPerStack: 5,
  lasts: 30_000,
  async round(rig, random) {
    const members: ServiceProcess[] = [rig.service(SERVICE)];
    const starting: Promise<ServiceProcess>[] = [];
    const did: string[] = [];
    for (let change = 0; change < CHANGES; change++) {
      const isJoin = members.length === 1 || (members.length < MOST_MEMBERS && random.below(2) === 0);
      if (isJoin) {
        const joining = rig.join(SERVICE);
        joining.catch(() => {}); // told when it is waited for
        starting.push(joining);
        // Some are waited for, so that there is somebody to stop; others are still starting when the next comes.
        if (random.below(2) === 0) members.push(...(await Promise.all(starting.splice(0))));
        did.push('+');
      } else {
        const [leaving] = members.splice(1 + random.below(members.length - 1), 1);
        const isKilled = random.below(2) === 0;
        await (isKilled ? leaving?.kill() : leaving?.stop());
        did.push(isKilled ? 'x' : '-');
      }
      await delay(random.below(LONGEST_PAUSE)); // that nobody waits is the point
    }
    members.push(...(await Promise.all(starting)));
    await until(`${members.length} members of ${SERVICE} share all of its work`, BALANCED_WITHIN, async () => {
      const parts = await Promise.all(members.map(runningParts));
      return (
        parts.every((count) => count >= 0) && parts.reduce((a, b) => a + b, 0) === ALL_PARTS[SERVICE](rig.partitions)
      );
    });
    for (const member of members.slice(1)) await member.stop();
    return `${did.join('')} (joined, stopped, killed), ${members.length} at the end`;
  },
};
