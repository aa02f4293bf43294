import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { inTurn } from './harness/choose.ts';
import { VICTIMS } from './harness/rig.ts';

/** A restart and its catching up take about as long: kills strike during both. */
const LONGEST_WAIT = 1_500;

export const killServices: Fault = {
  name: 'kill-services',
  what: 'kill -9 of each service at random instants',
  perHundred: 100,
  async round(rig, random, round) {
    const name = inTurn(VICTIMS, round + random.below(2));
    const wait = random.below(LONGEST_WAIT);
    await delay(wait); // the instant is the point: nothing to await
    const service = rig.service(name);
    await service.kill();
    await service.start();
    return `${name} after ${wait} ms`;
  },
};
