import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../support/random.ts';
import type { Fault } from './fault.ts';
import { anyOf, inTurn } from './harness/choose.ts';
import { type Rig, VICTIMS } from './harness/rig.ts';
import { committedBy, until } from './harness/watch.ts';

/** Gives what undoes it. */
type Harm = (rig: Rig, random: SeededRandom) => Promise<() => Promise<unknown>>;

const HARMS: Readonly<Record<string, Harm>> = {
  async 'a broker stands still'({ kafka }, random) {
    const node = anyOf(kafka.nodes, random);
    await node.kill('SIGSTOP');
    return () => node.kill('SIGCONT');
  },
  async 'a broker cannot be reached'({ kafkaProxies }, random) {
    const proxy = anyOf(kafkaProxies, random);
    proxy.cutOff();
    return async () => proxy.heal();
  },
  async 'no broker can be reached'({ kafkaProxies }) {
    for (const proxy of kafkaProxies) proxy.cutOff();
    return async () => {
      for (const proxy of kafkaProxies) proxy.heal();
    };
  },
};

const LATE = 500;
const BESIDE: Readonly<Record<string, Harm>> = {
  alone: async () => async () => {},
  async 'and a service is killed'(rig, random) {
    const service = rig.service(anyOf(VICTIMS, random));
    await service.kill();
    // It may have to wait for the brokers.
    const started = service.start();
    started.catch(() => {}); // told when it is waited for
    return () => started;
  },
  async 'and replies to EndTxn are lost'({ kafkaProxies }) {
    for (const proxy of kafkaProxies) proxy.onRequest = (request) => (request === 'EndTxn' ? 'reply-lost' : null);
    return async () => {
      for (const proxy of kafkaProxies) proxy.onRequest = null;
    };
  },
  async 'and ClickHouse is slow'({ proxy }) {
    proxy.delay = LATE;
    return async () => {
      proxy.delay = 0;
    };
  },
};
const PLACES = Object.entries(HARMS).flatMap(([what, harm]) =>
  Object.entries(BESIDE).map(([and, beside]) => ({ did: (how: string) => `${what}${how} ${and}`, harm, beside })),
);
const SHORTEST = 3_000;
/** Longer than sessions of brokers and of group members. */
const LONGEST = 20_000;
const PROGRESS_WITHIN = 15_000;

/** One of three brokers, or all of them, cannot be reached or stand still; alone, or beside another fault. */
export const brokerCutOff: Fault = {
  name: 'broker-cut-off',
  what: 'brokers that stand still (SIGSTOP) or cannot be reached for 3 to 20 s, alone and beside another fault; work goes on within 15 s',
  perHundred: 40,
  roundsPerStack: PLACES.length,
  lasts: LONGEST + PROGRESS_WITHIN,
  brokers: 3,
  proxiedKafka: true,
  async round(rig, random, round) {
    const { did, harm, beside } = inTurn(PLACES, round);
    const lasts = SHORTEST + random.below(LONGEST - SHORTEST);
    const heal = await harm(rig, random);
    await delay(random.below(1_000)); // the instant is the point: nothing to await
    const healOther = await beside(rig, random);
    await delay(lasts); // the length of the fault is the point
    await heal();
    await healOther();
    const healed = performance.now();
    const calls = rig.service('calls');
    let before: bigint | null = null;
    await until(`calls commits more after ${did('')}`, PROGRESS_WITHIN, async () => {
      const now = await committedBy(calls).catch(() => null);
      before ??= now;
      return now !== null && before !== null && now > before;
    });
    return `${did(` for ${lasts} ms`)}: work went on after ${Math.round(performance.now() - healed)} ms`;
  },
};
