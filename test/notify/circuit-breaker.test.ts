import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backoff } from '../../services/notify/backoff.ts';
import { CircuitBreaker, type CircuitState } from '../../services/notify/circuit-breaker.ts';

function circuit() {
  const states: CircuitState[] = [];
  const breaker = new CircuitBreaker({
    failures: 3,
    firstPause: 1_000,
    longestPause: 4_000,
    trialTimeout: 500,
    random: () => 0,
    changed: (state) => states.push(state),
  });
  return { breaker, states };
}

function opened() {
  const made = circuit();
  for (let i = 0; i < 3; i++) made.breaker.failed(0);
  return made;
}

test('failures in a row open it; a success between them starts the count again', () => {
  const { breaker } = circuit();
  breaker.failed(0);
  breaker.failed(0);
  breaker.succeeded();
  breaker.failed(0);
  breaker.failed(0);
  assert.equal(breaker.ask(0), 0);
  breaker.failed(0);
  assert.equal(breaker.ask(100), 400, 'half the pause with random 0, less what has passed');
});

test('after its pause one trial is made, and the others wait for it', () => {
  const { breaker, states } = opened();
  assert.equal(breaker.ask(500), 0);
  assert.ok(breaker.ask(501) > 0);
  breaker.succeeded();
  assert.equal(breaker.ask(502), 0);
  assert.deepEqual(states, ['closed', 'open', 'half_open', 'closed']);
});

test('a failed trial opens it for twice as long, up to a bound', () => {
  const { breaker } = opened();
  const pauses: number[] = [];
  for (let now = 500, i = 0; i < 4; i++) {
    assert.equal(breaker.ask(now), 0);
    breaker.failed(now);
    pauses.push(breaker.ask(now));
    now += breaker.ask(now);
  }
  assert.deepEqual(pauses, [1_000, 2_000, 2_000, 2_000]);
});

test('a trial that nobody reported on is followed by another', () => {
  const { breaker } = opened();
  assert.equal(breaker.ask(500), 0);
  assert.ok(breaker.ask(999) > 0);
  assert.equal(breaker.ask(1_000), 0);
});

test('attempts from before it opened do not open it for longer', () => {
  const { breaker } = opened();
  for (let i = 0; i < 10; i++) breaker.failed(1);
  assert.equal(breaker.ask(500), 0);
});

test('whatever happens, somebody may try within the longest pause', () => {
  const step = fc.tuple(fc.constantFrom('ask', 'failed', 'succeeded'), fc.integer({ min: 0, max: 2_000 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { breaker } = circuit();
      let now = 0;
      for (const [what, passed] of steps) {
        now += passed;
        breaker[what as 'ask'](now);
      }
      assert.equal(breaker.ask(now + 4_000), 0);
    }),
  );
});

test('a wait is bounded, never shorter than half its ceiling, and grows with the attempts', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), chance, (attempt, random) => {
      const wait = backoff({ attempt, first: 500, longest: 30_000, random });
      const ceiling = Math.min(30_000, 500 * 2 ** (attempt - 1));
      assert.ok(wait >= ceiling / 2 && wait <= ceiling);
      assert.ok(backoff({ attempt: attempt + 1, first: 500, longest: 30_000, random }) >= wait);
    }),
  );
});
