import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { alertmanagerRequest } from '../../../services/notify/targets/alertmanager.ts';
import { anyEvent, CONSOLE, NOW, revision, telling } from '../alerts.ts';

const options = { url: 'http://alertmanager:9093/', labels: { team: 'trust' }, bearerToken: null, consoleUrl: CONSOLE };
const postable = z.array(
  z
    .strictObject({
      labels: z.record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string()),
      annotations: z.record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string()),
      startsAt: z.iso.datetime(),
      endsAt: z.iso.datetime(),
      generatorURL: z.url().optional(),
    })
    .refine(({ startsAt, endsAt }) => startsAt <= endsAt, 'ends before it starts'),
);
const alertsOf = (...args: Parameters<typeof telling>) =>
  postable.parse(JSON.parse(alertmanagerRequest(telling(...args), options).body));

test('whatever an alert holds, it is an alert of the v2 API; firing ends later, resolved has ended', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const [alert] = alertsOf(event);
      const ends = Date.parse(alert?.endsAt ?? '');
      if (event.alert.status === 'resolved') assert.ok(ends <= NOW);
      else assert.ok(ends > NOW + 86_400_000);
    }),
  );
});

test('the labels stay the same from opened to resolved, with those of the target', () => {
  const labels = [revision(1), revision(2), revision(3, { status: 'resolved' })].map(
    (event) => alertsOf(event)[0]?.labels,
  );
  assert.deepEqual(labels[0], {
    alertname: 'StillwatchCampaign',
    alert_id: 'a_1',
    group: 'cluster c_1',
    subject_type: 'cluster',
    subject_id: 'c_1',
    severity: 'page',
    verdict: 'harvesting',
    team: 'trust',
  });
  assert.deepEqual(labels[1], labels[0]);
  assert.deepEqual(labels[2], labels[0]);
});

test('when the severity has changed, what was told before ends in the same request', () => {
  const told = { severity: 'ticket', verdict: 'harvesting' } as const;
  const both = alertsOf(revision(2), { told });
  assert.deepEqual(
    both.map(({ labels, endsAt }) => [labels['severity'], Date.parse(endsAt) <= NOW]),
    [
      ['ticket', true],
      ['page', false],
    ],
  );
  assert.equal(alertsOf(revision(2), { told: { severity: 'page', verdict: 'harvesting' } }).length, 1);
});

test('event time ahead of the clock does not leave a resolved alert firing', () => {
  const late = NOW + 3_600_000;
  const [alert] = alertsOf(revision(2, { status: 'resolved', opened_at: late, updated_at: late }));
  assert.equal(Date.parse(alert?.endsAt ?? ''), NOW);
});

test('it goes to the v2 API of the root, with the token if there is one', () => {
  const request = alertmanagerRequest(telling(revision(1)), { ...options, bearerToken: 'sesame' });
  assert.equal(request.url, 'http://alertmanager:9093/api/v2/alerts');
  assert.equal(request.headers['authorization'], 'Bearer sesame');
});

test('its source is the alert on the console; without an address of that it has none, and the runbook in either case', () => {
  assert.equal(alertsOf(revision(1))[0]?.generatorURL, `${CONSOLE}/#/alerts/a_1`);
  const [alert] = JSON.parse(alertmanagerRequest(telling(revision(1)), { ...options, consoleUrl: '' }).body);
  assert.deepEqual([alert.generatorURL, alert.annotations.runbook_url], [undefined, 'https://example.org/']);
});
