import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditOutcome } from '../../../infra/dependencies/audit.ts';
import { REPLACED_WITHIN, SEVERITIES } from '../../../infra/dependencies/policy.ts';

const README = readFileSync(join(import.meta.dirname, '../../../infra/security/README.md'), 'utf8');
const outcomeOf = (over: object) =>
  auditOutcome(
    JSON.stringify({ metadata: { vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0, ...over } } }),
  );

test('what is promised of vulnerable packages is what the check speaks of, and the worse the sooner', () => {
  const promised = [...README.matchAll(/^\| (\w+) +\| (\d+) +\|$/gm)].map(([, severity, days]) => [
    severity,
    Number(days),
  ]);
  assert.deepEqual(promised, Object.entries(REPLACED_WITHIN));
  const days = SEVERITIES.map((severity) => REPLACED_WITHIN[severity]);
  assert.deepEqual(
    days,
    days.toSorted((a, b) => a - b),
  );
  for (const severity of SEVERITIES)
    assert.match(
      outcomeOf({ [severity]: 1 }).says,
      RegExp(`1 ${severity} \\(to be replaced within ${REPLACED_WITHIN[severity]} days`),
    );
});

test('critical and high ones fail at once, others are named, and no answer is said to be none', () => {
  assert.deepEqual(
    SEVERITIES.map((severity) => outcomeOf({ [severity]: 1 }).fails),
    [true, true, false, false],
  );
  assert.deepEqual(outcomeOf({}), { says: 'npm audit: 0 critical, 0 high, 0 moderate, 0 low', fails: false });
  for (const output of ['', '{"message":"405 Method Not Allowed"}', '{"metadata":{}}']) {
    const { says, fails } = auditOutcome(output);
    assert.deepEqual([fails, /NOT looked up/.test(says)], [false, true]);
  }
});
