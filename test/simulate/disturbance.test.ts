import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { disturb } from '../../services/simulate/disturbance.ts';
import { createRandom } from '../../services/simulate/random.ts';
import { createScenario } from '../../services/simulate/scenarios.ts';
import { simulate } from '../../services/simulate/simulate.ts';

const calm = [...simulate(createScenario('small', { text: 'none' }), 8).calls];
const none = { duplicateShare: 0, lateShare: 0, lateMinutes: 3, badShare: 0 };

function disturbed(changes: Partial<typeof none>) {
  return [...disturb(calm, { ...none, ...changes }, createRandom('disturbance'))];
}

describe('a disturbed stream', () => {
  it('is the same stream where nothing is disturbed', () => {
    assert.deepEqual(disturbed({}), calm);
  });

  it('brings a share of the calls twice, alike in every field', () => {
    const calls = disturbed({ duplicateShare: 0.1 });
    const more = calls.length - calm.length;
    assert.ok(more > calm.length * 0.07 && more < calm.length * 0.13, `${more} more of ${calm.length}`);
    assert.equal(new Set(calls.map((call) => JSON.stringify(call))).size, calm.length);
  });

  it('loses no late call, and none is later than it may be', () => {
    const calls = disturbed({ lateShare: 0.2 });
    assert.deepEqual(new Set(calls.map(({ event_id }) => event_id)), new Set(calm.map(({ event_id }) => event_id)));
    let latest = 0;
    let late = 0;
    for (const { occurred_at } of calls) {
      if (occurred_at < latest) late += 1;
      assert.ok(latest - occurred_at < 3 * 60_000, 'later than three minutes');
      latest = Math.max(latest, occurred_at);
    }
    assert.ok(late > calm.length * 0.1, `${late} late`);
  });

  it('adds bad calls to the good ones', () => {
    const calls = disturbed({ badShare: 0.05 });
    assert.deepEqual(
      calls.filter(({ event_id }) => !event_id.endsWith('_bad')),
      calm,
    );
    assert.ok(calls.length > calm.length * 1.03);
  });
});
