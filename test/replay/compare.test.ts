import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../../services/records/alert.ts';
import { compareReplays, createReplayHistory } from '../../services/replay/compare.ts';
import { alertEvent, T } from '../support/records.ts';

const alert = (over: Partial<Alert>): Alert => ({ ...alertEvent().alert, ...over });
const history = (alerts: Alert[], accounts: Record<string, Alert['severity'][]> = {}) => {
  const made = createReplayHistory();
  for (const one of alerts) made.alert(one);
  for (const [account_id, severities] of Object.entries(accounts))
    for (const severity of severities)
      made.flagged({ account_id, alert_id: 'a', verdict: 'harvesting', severity, flagged_at: T });
  return made;
};

test('alerts of one side only, of another severity and at another time are told apart; the same ones are counted', () => {
  const a = history([
    alert({ alert_id: 'same' }),
    alert({ alert_id: 'gone' }),
    alert({ alert_id: 'lower' }),
    alert({ alert_id: 'later' }),
  ]);
  const b = history([
    alert({ alert_id: 'same' }),
    alert({ alert_id: 'new' }),
    alert({ alert_id: 'lower', severity: 'ticket' }),
    alert({ alert_id: 'later', opened_at: T + 3_600_000 }),
  ]);
  const { alerts, same } = compareReplays(a, b);
  assert.equal(same, 1);
  assert.deepEqual(
    alerts.map(({ change, alert_id }) => [change, alert_id]),
    [
      ['only_a', 'gone'],
      ['time', 'later'],
      ['severity', 'lower'],
      ['only_b', 'new'],
    ],
  );
});

test('the highest severity that an alert or an account ever had is compared, not the last', () => {
  const a = history([alert({ severity: 'page' }), alert({ severity: 'ticket' })], { x: ['page', 'info'], y: ['info'] });
  const b = history([alert({ severity: 'ticket' }), alert({ severity: 'page' })], { x: ['info', 'page'] });
  assert.deepEqual(compareReplays(a, b), {
    alerts: [],
    accounts: [{ account_id: 'y', a: 'info', b: null }],
    same: 1,
  });
});
