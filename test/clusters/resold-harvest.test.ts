import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChain } from '../support/chain.ts';
import { resoldHarvest } from '../support/resold-harvest.ts';

// Seeds of which some had the whole pool accused before its quiet accounts were asked about: by chance, which the key of the hashes decided.
for (const seed of [2, 4, 5, 7]) {
  test(`six accounts of a reseller's forty harvest: they are paged as a sub-population, and nobody else (seed ${seed})`, async () => {
    const { accounts, calls, harvesters } = resoldHarvest({
      seed,
      days: 1,
      accounts: 40,
      harvesters: 6,
      customers: 150,
    });
    const { alerts, flagged } = await runChain(accounts, calls);
    const accused = flagged.filter(({ severity }) => severity === 'page').map(({ account_id }) => account_id);
    assert.deepEqual([...new Set(accused)].sort(), [...harvesters].sort());

    const paged = alerts.filter(({ alert }) => alert.severity === 'page');
    assert.equal(new Set(paged.map(({ alert }) => alert.alert_id)).size, 1, 'one campaign, one alert');
    for (const { alert } of paged) {
      assert.match(alert.subject_id, /~product$/);
      assert.equal(alert.subject_type, 'cluster');
      for (const sample of alert.sample_accounts) assert.ok(harvesters.has(sample));
    }
    const first = paged[0]?.alert;
    assert.ok(
      first !== undefined && first.exchanges_before_alert < 400,
      `${first?.exchanges_before_alert} calls before`,
    );
  });
}

test('the same pool without harvesters pages nobody', async () => {
  const { accounts, calls } = resoldHarvest({ seed: 2, days: 1, accounts: 40, harvesters: 0, customers: 150 });
  const { alerts, flagged } = await runChain(accounts, calls);
  assert.deepEqual(
    alerts.filter(({ alert }) => alert.verdict === 'harvesting'),
    [],
  );
  assert.ok(flagged.every(({ severity }) => severity === 'info'));
});
