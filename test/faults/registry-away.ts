import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';

const LONGEST_AWAY = 5_000;

/** While it is away a service that runs goes on with what it knows and waits with what it does not; one that starts ends with an error that says so. */
export const registryAway: Fault = {
  name: 'registry-away',
  what: 'the schema registry is away while messages of unknown schemas come and a service starts',
  perHundred: 5,
  registry: true,
  async round(rig, random) {
    const { registry } = rig;
    assert.ok(registry);
    registry.isAway = true;
    await delay(1_000 + random.below(LONGEST_AWAY)); // the length of the outage is the point
    const service = rig.service('calls');
    await service.kill();
    await assert.rejects(service.start(), /ended with code 1 before it was up/);
    assert.match(await service.log(), /schema registry at \S+ does not answer/);
    rig.expected('calls', 1);
    registry.isAway = false;
    await service.start();
    return 'away, calls would not start; back, it does';
  },
};
