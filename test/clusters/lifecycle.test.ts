import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dueTime, nextMove } from '../../services/clusters/score/lifecycle.ts';
import { createSubject, type SubjectState } from '../../services/clusters/score/subject-state.ts';
import type { Severity } from '../../services/records/alert.ts';
import { HOUR } from '../../services/records/window.ts';
import { alertEvent, T } from '../support/records.ts';

const QUIET = 24 * HOUR;

function subject(): SubjectState {
  return { ...createSubject('cluster', 'c_1', null), lastSeen: T };
}

/** What becomes of the alert when this severity is deserved at this hour; the state is moved on as the caller would. */
function step(state: SubjectState, severity: Severity | null, hour: number): string {
  const verdict = severity === null ? null : severity === 'info' ? 'coordinated_pool' : 'harvesting';
  const move = nextMove(state, { verdict, severity }, T + hour * HOUR, QUIET);
  if (move === null) return 'nothing';
  const status = move.type === 'stillwatch.alert.resolved' ? 'resolved' : 'open';
  state.alert = { ...alertEvent().alert, status, verdict: move.verdict, severity: move.severity };
  return `${move.type.slice('stillwatch.alert.'.length)} ${move.severity}`;
}

test('opens when deserved, is updated while it is, rises at once', () => {
  const state = subject();
  assert.equal(step(state, null, 0), 'nothing');
  assert.equal(step(state, 'info', 1), 'opened info');
  assert.equal(step(state, 'info', 2), 'updated info');
  assert.equal(step(state, 'page', 3), 'updated page');
  assert.equal(state.alert?.verdict, 'harvesting');
});

test('a quiet hour does not lower a page; twelve do, one step at a time, and a pool is then called a pool', () => {
  const state = subject();
  step(state, 'page', 0);
  assert.equal(step(state, 'info', 11), 'updated page');
  assert.equal(step(state, 'info', 12), 'updated ticket');
  assert.equal(step(state, 'info', 13), 'updated ticket');
  assert.equal(state.alert?.verdict, 'harvesting');
  assert.equal(step(state, 'info', 24), 'updated info');
  assert.equal(state.alert?.verdict, 'coordinated_pool');
});

test('a page is lowered at once when others have come into it who must not be accused, and may rise again', () => {
  const state = subject();
  step(state, 'page', 0);
  const lowered = nextMove(state, { verdict: 'harvesting', severity: 'ticket', atMost: 'ticket' }, T + HOUR, QUIET);
  assert.deepEqual(lowered, { type: 'stillwatch.alert.updated', verdict: 'harvesting', severity: 'ticket' });
  state.alert = { ...alertEvent().alert, severity: 'ticket' };
  assert.equal(step(state, 'ticket', 2), 'updated ticket');
  assert.equal(step(state, 'page', 3), 'updated page');
});

test('what is lowered at once is lowered to what may stand, whatever the hour deserves, and keeps its verdict', () => {
  for (const deserved of [
    { verdict: 'coordinated_pool', severity: 'info' },
    { verdict: null, severity: null },
  ] as const) {
    const state = subject();
    step(state, 'page', 0);
    const lowered = nextMove(state, { ...deserved, atMost: 'ticket' }, T + HOUR, QUIET);
    assert.deepEqual(lowered, { type: 'stillwatch.alert.updated', verdict: 'harvesting', severity: 'ticket' });
  }
});

test('what deserves nothing any more is lowered after twelve hours and resolved after twenty-four', () => {
  const state = subject();
  step(state, 'page', 0);
  assert.equal(dueTime(state, QUIET), T + 12 * HOUR);
  assert.equal(step(state, null, 11), 'nothing');
  assert.equal(step(state, null, 12), 'updated ticket');
  assert.equal(dueTime(state, QUIET), T + 24 * HOUR);
  assert.equal(step(state, null, 23), 'nothing');
  assert.equal(step(state, null, 24), 'resolved ticket');
});

test('opens again after it was resolved', () => {
  const state = subject();
  step(state, 'page', 0);
  step(state, null, 24);
  assert.equal(step(state, null, 25), 'nothing');
  assert.equal(step(state, 'ticket', 26), 'opened ticket');
});

test('whatever is deserved when: never resolved before it has been quiet, never lowered by more than a step, always resolved in the end', () => {
  const severities = fc.array(fc.constantFrom<Severity | null>(null, 'info', 'ticket', 'page'), { maxLength: 200 });
  const order: (Severity | null)[] = ['info', 'ticket', 'page'];
  fc.assert(
    fc.property(severities, (deserved) => {
      const state = subject();
      let quietSince = 0;
      for (const [hour, severity] of [...deserved, ...Array<null>(25).fill(null)].entries()) {
        const before = state.alert?.status === 'open' ? state.alert.severity : null;
        const said = step(state, severity, hour);
        if (severity !== null) quietSince = hour;
        if (said.startsWith('resolved')) assert.ok(hour - quietSince >= 24);
        const after = state.alert?.status === 'open' ? state.alert.severity : null;
        if (before !== null && after !== null) assert.ok(order.indexOf(after) >= order.indexOf(before) - 1);
        if (severity !== null && after !== null) assert.ok(order.indexOf(after) >= order.indexOf(severity));
      }
      assert.notEqual(state.alert?.status, 'open');
    }),
  );
});
