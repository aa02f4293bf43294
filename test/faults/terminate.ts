import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { inTurn } from './harness/choose.ts';
import { VICTIMS } from './harness/rig.ts';
import { hasEverything, joinsOf, until } from './harness/watch.ts';

const LONGEST_WAIT = 1_000;
const DRAINED_WITHIN = 10_000;
const BACK_WITHIN = 60_000;
/** One, and as many again for what an earlier fault has left in the group: a member that was killed is missed only later. A storm has no end. */
const MOST_JOINS = 3;

export const terminate: Fault = {
  name: 'terminate',
  what: 'SIGTERM under load: drained in under 10 s with exit code 0, back without a storm of rebalances',
  perHundred: 20,
  async round(rig, random, round) {
    const name = inTurn(VICTIMS, round);
    await delay(random.below(LONGEST_WAIT)); // the instant is the point: nothing to await
    const service = rig.service(name);
    const begun = performance.now();
    const code = await service.stop();
    const took = Math.round(performance.now() - begun);
    assert.equal(code, 0, `${name} ends with 0`);
    assert.ok(took < DRAINED_WITHIN, `${name} took ${took} ms to drain`);
    const others = VICTIMS.filter((other) => other !== name);
    const before = await Promise.all(others.map((other) => joinsOf(rig.service(other))));
    await service.start();
    await until(`${name} has its work again`, BACK_WITHIN, () => hasEverything(service, name, rig.partitions));
    for (const [step, joins] of await joinsOf(service))
      assert.ok(joins <= MOST_JOINS, `${step} joined its group ${joins} times`);
    for (const [place, other] of others.entries())
      for (const [step, joins] of await joinsOf(rig.service(other))) {
        const more = joins - (before[place]?.get(step) ?? 0);
        assert.ok(more <= MOST_JOINS, `${step} joined its group ${more} times because ${name} was restarted`);
      }
    return `${name} drained in ${took} ms`;
  },
};
