import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMembers } from '../../services/clusters/members.ts';
import { createScoreStep } from '../../services/clusters/score/step.ts';
import type { SubjectPartial } from '../../services/records/subject-window.ts';
import { HOUR } from '../../services/records/window.ts';
import { initialVersion, type RulesVersion } from '../../services/rules/version.ts';
import { parsed, RULES, TEXT } from '../rules/rules-text.ts';
import { accountWindow, T } from '../support/records.ts';
import { createHarness } from '../support/step-harness.ts';

const LATER = parsed(TEXT.replace(/page_from: [\d.]+/, 'page_from: 0.9125'));
const later: RulesVersion = { effective_at: T + 2 * HOUR, published_at: 1, origin: 'operator', rules: LATER };

function hour(number: number): SubjectPartial {
  const { accumulator } = accountWindow('acct_1', [{ occurred_at: T }]);
  return {
    subject_type: 'cluster',
    subject_id: 'c_1',
    window_size: 'hour',
    window_end: T + number * HOUR,
    accumulator,
    members: createMembers(),
    profile: null,
    evidence: [],
    activity: 'other',
    merged_into: null,
  };
}

/** Hashes that the hours 1 to 3 name, when the later rules arrive before hour `arrivesBefore`; restarted before `restartBefore`. */
function hashes(arrivesBefore: number, restartBefore: number | null): string[] {
  const harness = createHarness(createScoreStep({ grace: 60_000, database: 'stillwatch', runbooks: '' }));
  harness.record('rules', initialVersion(RULES));
  for (const number of [1, 2, 3]) {
    if (number === restartBefore) harness.restart();
    if (number === arrivesBefore) harness.record('rules', later);
    harness.record('subject_partials', hour(number));
    harness.watermark(T + number * HOUR);
  }
  return harness.of('cluster_windows').map(({ rules_hash }) => rules_hash);
}

test('rules change at the window that ends when they come into force, whenever before they arrived', () => {
  const expected = [RULES.hash, LATER.hash, LATER.hash];
  assert.deepEqual(hashes(1, null), expected);
  assert.deepEqual(hashes(2, null), expected);
});

test('a restart goes on with the rules of its state: those in force, and those to come', () => {
  for (const restartBefore of [2, 3])
    assert.deepEqual(hashes(1, restartBefore), [RULES.hash, LATER.hash, LATER.hash], `before hour ${restartBefore}`);
});

test('several hours closed at once change at the same one', () => {
  const harness = createHarness(createScoreStep({ grace: 60_000, database: 'stillwatch', runbooks: '' }));
  harness.record('rules', later);
  harness.record('rules', initialVersion(RULES));
  for (const number of [3, 1, 2]) harness.record('subject_partials', hour(number));
  harness.watermark(T + 3 * HOUR);
  assert.deepEqual(
    harness.of('cluster_windows').map(({ rules_hash }) => rules_hash),
    [RULES.hash, LATER.hash, LATER.hash],
  );
});

test('without rules nothing is judged by chance: the step says what to do', () => {
  const harness = createHarness(createScoreStep({ grace: 60_000, database: 'stillwatch', runbooks: '' }));
  harness.record('subject_partials', hour(1));
  assert.throws(() => harness.watermark(T + HOUR), /no rules are in force/);
});
