import type { ServiceProcess } from '../../infra/local/service-process.ts';
import type { Fault } from './fault.ts';
import { inTurn } from './harness/choose.ts';
import { ALL_PARTS, runningParts, until } from './harness/watch.ts';

const SCALED = ['calls', 'clusters'] as const;
const BALANCED_WITHIN = 60_000;

export const scale: Fault = {
  name: 'scale',
  what: 'from one member to three, to two, to one, of calls and clusters: four changes a round',
  perHundred: 6,
  roundsPerStack: 6,
  async round(rig, random, round) {
    const name = inTurn(SCALED, round);
    const members: ServiceProcess[] = [rig.service(name)];
    const balanced = (): Promise<void> =>
      until(`${members.length} members of ${name} share all of its work`, BALANCED_WITHIN, async () => {
        const parts = await Promise.all(members.map(runningParts));
        return (
          parts.every((count) => count > 0) && parts.reduce((a, b) => a + b, 0) === ALL_PARTS[name](rig.partitions)
        );
      });
    const did: string[] = [];
    for (let more = 0; more < 2; more++) {
      members.push(await rig.join(name));
      await balanced();
    }
    while (members.length > 1) {
      const [leaving] = members.splice(1 + random.below(members.length - 1), 1);
      // One that is killed is missed only when its session has run out.
      const killed = random.below(2) === 1;
      await (killed ? leaving?.kill() : leaving?.stop());
      did.push(killed ? 'killed' : 'stopped');
      await balanced();
    }
    return `${name} 1, 2, 3, ${did[0]} 2, ${did[1]} 1`;
  },
};
