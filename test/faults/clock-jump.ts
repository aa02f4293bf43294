import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { inTurn } from './harness/choose.ts';
import { VICTIMS } from './harness/rig.ts';

const HOUR = 60 * 60_000;
const WRONG_FOR = 3_000;

export const clockJump: Fault = {
  name: 'clock-jump',
  what: "a service's clock jumps by an hour, ahead or back, and after a while to the right time again",
  perHundred: 10,
  async round(rig, random, round) {
    const name = inTurn(VICTIMS, round);
    const clockAhead = random.below(2) === 0 ? HOUR : -HOUR;
    const service = rig.service(name);
    service.tell({ clockAhead });
    await delay(WRONG_FOR); // the length of the fault is the point
    service.tell({ clockAhead: 0 });
    return `${name} by ${clockAhead / HOUR} h`;
  },
};
