import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../support/random.ts';
import { shippedRules } from '../support/shipped.ts';
import { sorted } from '../support/step-harness.ts';
import { type LineOutput, runLine } from './line.ts';
import { assignmentOf, crowdCalls, windowsOf } from './windows.ts';

const HOURS = 26;
const rules = shippedRules();

/** A campaign, a pool of which some accounts harvest, and people. */
function traffic(seed: number) {
  const random = seededRandom(seed);
  const calls = crowdCalls(
    [
      { prefix: 'campaign', accounts: 9, rate: 5, harvest: 0.8 },
      { prefix: 'pool', accounts: 20, rate: 2, harvest: 0.02 },
      { prefix: 'resold', accounts: 6, rate: 4, harvest: 0.7 },
      { prefix: 'people', accounts: 60, rate: 1, harvest: 0.05 },
    ],
    HOURS,
    random,
  );
  const accounts = [...new Set(calls.map(({ account }) => account))];
  const assignments = accounts.flatMap((account) => {
    if (account.startsWith('people')) return [];
    return [assignmentOf(account, account.startsWith('campaign') ? 'c_campaign' : 'c_pool')];
  });
  return { windows: windowsOf(calls), assignments };
}

function told({ windows, alerts, memberships }: LineOutput): string[][] {
  return [sorted(windows), sorted(alerts), sorted(memberships)];
}

for (const seed of [1, 2]) {
  test(`any order of arrival, any number of partitions, restarts or none: the same windows, alerts and memberships (seed ${seed})`, () => {
    const { windows, assignments } = traffic(seed);
    const plain = runLine(windows, assignments, { rules, partitions: 1, hours: HOURS });
    assert.ok(plain.alerts.some(({ alert }) => alert.subject_id === 'c_campaign'));
    assert.ok(plain.alerts.some(({ alert }) => alert.subject_id === 'c_pool~product'));
    for (const partitions of [1, 3, 5]) {
      const other = runLine(windows, assignments, {
        rules,
        partitions,
        hours: HOURS,
        random: seededRandom(seed + partitions),
        restarts: partitions === 3,
      });
      assert.deepEqual(told(other), told(plain), `${partitions} partitions`);
    }
  });
}
