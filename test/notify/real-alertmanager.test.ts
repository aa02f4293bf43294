import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createPost } from '../../services/notify/post.ts';
import { alertmanagerTarget } from '../../services/notify/targets/alertmanager.ts';
import type { Told } from '../../services/notify/targets/target.ts';
import type { Alert } from '../../services/records/alert.ts';
import { startAlertmanager } from '../support/alertmanager.ts';
import { revision, telling } from './alerts.ts';
import { receiver } from './receiver.ts';

/** What Alertmanager tells its own webhook receiver. */
interface Notification {
  alerts: { status: string; fingerprint: string; labels: Record<string, string>; startsAt: string; endsAt: string }[];
}

async function real(t: TestContext, groupBy?: string[]) {
  const recorder = await receiver([200]);
  const alertmanager = await startAlertmanager(recorder.url, groupBy);
  t.after(async () => {
    await alertmanager.stop();
    await recorder.close();
  });
  const target = alertmanagerTarget({
    name: 'am',
    url: alertmanager.url,
    labels: { team: 'trust' },
    bearerToken: null,
    consoleUrl: 'https://stillwatch.example',
    allowPrivateAddress: true,
  });
  const post = createPost();
  /** What is found in the first notification that has it, now or later. */
  const heard = async <Found>(find: (alerts: Notification['alerts']) => Found | undefined): Promise<Found> => {
    for (;;) {
      for (const { body } of recorder.received) {
        const { alerts }: Notification = JSON.parse(body);
        const found = find(alerts);
        if (found !== undefined) return found;
      }
      await recorder.next();
    }
  };
  return {
    alertmanager,
    async tell(number: number, over: Partial<Alert>, told: Told | null = null) {
      const request = target.request(telling(revision(number, over), { told, now: Date.now() }));
      assert.equal((await post(request, true)).outcome, 'delivered');
    },
    /** Resolves when Alertmanager has told of so many subjects in one notification; theirs. */
    grouped: (count: number) =>
      heard((alerts) => {
        const subjects = alerts.map(({ labels }) => labels['subject_id'] ?? '');
        return subjects.length === count ? subjects.sort() : undefined;
      }),
    /** Resolves when Alertmanager has told of an alert what is looked for. */
    notified: (status: string, severity: string) =>
      heard((alerts) => alerts.find((alert) => alert.status === status && alert.labels['severity'] === severity)),
  };
}

const OPENED = Date.UTC(2026, 3, 22, 1);
const life = { opened_at: OPENED, subject_id: 'c_1' } satisfies Partial<Alert>;

test('opened, updated and resolved are one alert of Alertmanager: same fingerprint, its start, its end', {
  timeout: 60_000,
}, async (t) => {
  const { alertmanager, tell, notified } = await real(t);
  await tell(1, { ...life, updated_at: OPENED, exchange_count: 100 });
  const [opened, ...others] = await alertmanager.alerts();
  assert.equal(others.length, 0);
  assert.deepEqual(opened?.labels, {
    alertname: 'StillwatchCampaign',
    alert_id: 'a_1',
    group: 'cluster c_1',
    subject_type: 'cluster',
    subject_id: 'c_1',
    severity: 'page',
    verdict: 'harvesting',
    team: 'trust',
  });
  assert.equal(Date.parse(opened?.startsAt ?? ''), OPENED);
  assert.ok(
    Date.parse(opened?.endsAt ?? '') > Date.now() + 6 * 86_400_000,
    'it does not end by itself in five minutes',
  );
  assert.equal(opened?.annotations['exchanges'], '100');
  assert.equal((await notified('firing', 'page')).fingerprint, opened?.fingerprint);

  await tell(
    2,
    { ...life, updated_at: OPENED + 3_600_000, exchange_count: 250 },
    { severity: 'page', verdict: 'harvesting' },
  );
  const updated = await alertmanager.alerts();
  assert.deepEqual(
    updated.map(({ fingerprint, annotations }) => [fingerprint, annotations['exchanges'], annotations['revision']]),
    [[opened?.fingerprint, '250', '2']],
  );

  const end = OPENED + 7_200_000;
  await tell(3, { ...life, updated_at: end, status: 'resolved' }, { severity: 'page', verdict: 'harvesting' });
  const resolved = await notified('resolved', 'page');
  assert.deepEqual(
    [resolved.fingerprint, Date.parse(resolved.startsAt), Date.parse(resolved.endsAt)],
    [opened?.fingerprint, OPENED, end],
  );
  assert.deepEqual(await alertmanager.alerts(), []);
});

test('a ticket that becomes a page leaves no ticket behind', { timeout: 60_000 }, async (t) => {
  const { alertmanager, tell, notified } = await real(t);
  await tell(1, { ...life, severity: 'ticket' });
  await notified('firing', 'ticket');
  await tell(2, { ...life, severity: 'page' }, { severity: 'ticket', verdict: 'harvesting' });
  assert.deepEqual(
    (await alertmanager.alerts()).map(({ labels }) => labels['severity']),
    ['page'],
  );
  await notified('resolved', 'ticket');
  await notified('firing', 'page');
});

test('a cluster and its sub-populations are one notification, two campaigns are not', {
  timeout: 60_000,
}, async (t) => {
  const { tell, grouped, notified } = await real(t, ['group']);
  await tell(1, { ...life, alert_id: 'a_other', subject_id: 'c_2' });
  await notified('firing', 'page');
  await tell(1, { ...life, alert_id: 'a_whole', subject_id: 'c_1' });
  await tell(1, { ...life, alert_id: 'a_part', subject_id: 'c_1~product' });
  assert.deepEqual(await grouped(2), ['c_1', 'c_1~product']);
});

test('the same message twice is one alert', { timeout: 60_000 }, async (t) => {
  const { alertmanager, tell } = await real(t);
  await tell(1, life);
  await tell(1, life);
  assert.equal((await alertmanager.alerts()).length, 1);
});
