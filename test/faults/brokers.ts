import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaNode } from '../../infra/kafka/node.ts';
import type { SeededRandom } from '../support/random.ts';
import type { Fault } from './fault.ts';
import { anyOf, inTurn } from './harness/choose.ts';
import { committedBy, until } from './harness/watch.ts';

const LONGEST_AWAY = 3_000;
const LONGEST_WAIT = 1_000;

export const brokerKill: Fault = {
  name: 'broker-kill',
  what: 'the only broker is killed with -9 and started again',
  perHundred: 10,
  roundsPerStack: 10,
  inputFirst: true,
  round: ({ kafka }, random, round) => killAndStart(inTurn(kafka.nodes, round), random),
};

/** At some instant, for some seconds; says when and for how long. */
export async function killAndStart(node: KafkaNode, random: SeededRandom): Promise<string> {
  const wait = random.below(LONGEST_WAIT);
  await delay(wait); // the instant is the point: nothing to await
  await node.kill();
  const away = random.below(LONGEST_AWAY);
  await delay(away);
  await node.start();
  return `after ${wait} ms, away for ${away} ms and a start`;
}

export const rollingRestart: Fault = {
  name: 'rolling-restart',
  what: 'three brokers, restarted one after the other',
  perHundred: 10,
  roundsPerStack: 5,
  lasts: 30_000,
  brokers: 3,
  async round({ kafka }) {
    for (const node of kafka.nodes) await node.restart();
    return `brokers ${kafka.nodes.map(({ id }) => id).join(', ')}`;
  },
};

/** One of three brokers killed with -9, and away for so many milliseconds: two are enough for min.insync.replicas 2. */
export function oneBrokerAway(away: number): Fault {
  return {
    name: 'one-broker-away',
    what: `one of three brokers killed with -9 and away for ${away / 1_000} s`,
    perHundred: 10,
    roundsPerStack: 5,
    lasts: away,
    brokers: 3,
    async round(rig, random) {
      const node = anyOf(rig.kafka.nodes, random);
      await node.kill();
      const over = delay(away); // the length of the outage is the point
      await delay(away / 2);
      const calls = rig.service('calls');
      const before = await committedBy(calls);
      await until(
        'calls commits more while a broker is away',
        away / 2,
        async () => (await committedBy(calls)) > before,
      );
      await over;
      await node.start();
      return `broker ${node.id}, calls went on without it`;
    },
  };
}
