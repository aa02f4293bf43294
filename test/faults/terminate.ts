import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { VICTIMS } from './harness/rig.ts';

const LONGEST_WAIT = 1_000;
const DRAINED_WITHIN = 10_000;

export const terminate: Fault = {
  name: 'terminate',
  what: 'SIGTERM under load: drained in under 10 s with exit code 0',
  perHundred: 20,
  async round(rig, random, round) {
    const name = VICTIMS[round % VICTIMS.length] ?? 'calls';
    await delay(random.below(LONGEST_WAIT)); // the instant is the point: nothing to await
    const service = rig.service(name);
    const begun = performance.now();
    const code = await service.stop();
    const took = Math.round(performance.now() - begun);
    assert.equal(code, 0, `${name} ends with 0`);
    assert.ok(took < DRAINED_WITHIN, `${name} took ${took} ms to drain`);
    await service.start();
    return `${name} drained in ${took} ms`;
  },
};
