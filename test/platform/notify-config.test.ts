import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { targetsOf } from '../../services/notify/targets/from-config.ts';
import { loadConfig, printConfig } from '../../services/platform/config/load.ts';
import { revision, telling } from '../notify/alerts.ts';

const load = (text: string, environment: Record<string, string> = {}) =>
  loadConfig({ flags: {}, environment, file: { name: 'c.yaml', text } });

const GOOD = `notify:
  targets:
    - { name: oncall, type: pagerduty, routing_key: { env: PD_KEY } }
    - { name: channel, type: slack, url: { env: SLACK_URL } }
    - { name: am, type: alertmanager, url: "http://am:9093", bearer_token: { env: AM_TOKEN } }
    - { name: siem, type: webhook, url: "https://siem.example/in", secret: { env: SIGN }, format: ocsf }
  routes:
    - { targets: [oncall], severity: [page], verdict: [harvesting] }
    - { targets: [channel, am, siem] }
  quiet_hours:
    - { from: 22:00, to: "07:00", time_zone: Europe/Berlin, targets: [channel] }
`;
const SECRETS = {
  PD_KEY: 'pd-hidden',
  SLACK_URL: 'https://hooks.example/hidden',
  AM_TOKEN: 'am-hidden',
  SIGN: 'sign-hidden',
};

test('targets, routes and quiet hours come from the file, secrets from where it says', () => {
  const { config, secret } = load(GOOD, SECRETS);
  assert.deepEqual(
    targetsOf(config, secret).map(({ name, kind }) => [name, kind]),
    [
      ['oncall', 'pagerduty'],
      ['channel', 'slack'],
      ['am', 'alertmanager'],
      ['siem', 'webhook (OCSF)'],
    ],
  );
  assert.deepEqual(config.notify.routes[1]?.severity, ['page', 'ticket', 'info']);
});

test('the configuration is printed with where its secrets are, never with what they are', () => {
  const printed = printConfig(load(GOOD, SECRETS), true);
  assert.ok(printed.includes('PD_KEY') && !printed.includes('hidden'));
});

test('of a webhook nothing but where it is: its path and its query may be a token, in print and in the log', () => {
  const file = GOOD.replace('https://siem.example/in', 'https://siem.example/T0/hidden');
  const loaded = load(file, {
    ...SECRETS,
    STILLWATCH_NOTIFY_WEBHOOK_URL: 'https://one.example/100%/hidden?key=hidden',
  });
  const printed = printConfig(loaded, false);
  assert.ok(!printed.includes('hidden'));
  assert.match(printed, /^notify\.webhook_url: "https:\/\/one\.example\/••••\?••••"$/m);
  assert.match(printed, /"url":"https:\/\/siem\.example\/••••"/);
  assert.equal(loaded.mask('POST https://siem.example/T0/hidden'), 'POST ••••');
});

test('a webhook from the environment is a target of its own beside those of the file', () => {
  const { config, secret } = load(GOOD, { ...SECRETS, STILLWATCH_NOTIFY_WEBHOOK_URL: 'https://one.example/' });
  assert.equal(targetsOf(config, secret).at(-1)?.name, 'webhook');
});

test('every target links to the console where people open it, and the address of that is one that a path can follow', () => {
  const environment = { ...SECRETS, STILLWATCH_CONSOLE_PUBLIC_URL: 'https://stillwatch.example' };
  const { config, secret } = load(GOOD, environment);
  for (const target of targetsOf(config, secret))
    assert.match(
      target.request(telling(revision(1))).body,
      /https:\/\/stillwatch\.example\/#\/alerts\/a_1/,
      target.name,
    );
  for (const bad of [
    'stillwatch.example',
    'https://u:hidden@stillwatch.example',
    'https://stillwatch.example/#/alerts',
  ])
    assert.throws(
      () => load(GOOD, { ...environment, STILLWATCH_CONSOLE_PUBLIC_URL: bad }),
      (error: Error) => /console\.public_url/.test(error.message) && !error.message.includes('hidden'),
    );
});

test('mistakes inside the lists are told with their line, and without an address or a key that may be secret', () => {
  const bad = GOOD.replace('{ env: PD_KEY }', 'very-secret-key')
    .replace('url: { env: SLACK_URL }', 'url: "https://hooks.example/very-secret"')
    .replace('severity: [page]', 'severity: [pagee]')
    .replace('Europe/Berlin', 'Europe/Berlino');
  assert.throws(
    () => load(bad),
    (error: Error) => {
      for (const place of [
        'c.yaml:3:53: notify.targets.0.routing_key: expected { env: NAME }',
        'c.yaml:4:42: notify.targets.1.url: expected { env: NAME }',
        'c.yaml:8:39: notify.routes.0.severity.0',
        'c.yaml:11:46: notify.quiet_hours.0.time_zone: expected an IANA time zone',
      ])
        assert.ok(error.message.includes(place), `${place} in ${error.message}`);
      assert.ok(!error.message.includes('very-secret'));
      return true;
    },
  );
});

test('a route or quiet hours for nobody, two targets of one name, and a page held back are mistakes', () => {
  const said = (text: string, environment = {}) => {
    try {
      load(text, environment);
    } catch (error) {
      return String(error);
    }
    return '';
  };
  assert.match(
    said(GOOD.replace('targets: [oncall]', 'targets: [oncal]')),
    /c\.yaml:8:\d+: .*there is no target oncal; there are oncall, channel, am, siem/,
  );
  assert.match(said(GOOD.replace('name: siem', 'name: am')), /c\.yaml:6:\d+: .*two targets named am/);
  assert.match(said(GOOD.replace('{ from: 22:00', '{ severity: [page], from: 22:00')), /a page is never held back/);
  assert.match(
    said(GOOD.replace('severity: [page]', 'severity: [page], cohort: [enterprise/]')),
    /c\.yaml:8:\d+: .*expected plan, plan\/operation/,
  );
  assert.match(said(GOOD.replace('"07:00"', '"22:00"')), /from and to are the same time/);
  assert.match(said(GOOD.replace('"https://siem.example/in"', '"https://u:very-secret@siem.example/in"')), /expected/);
  assert.doesNotMatch(
    said(GOOD.replace('"https://siem.example/in"', '"https://u:very-secret@siem.example/in"')),
    /very-secret/,
  );
});

test('a secret that is not there is named by its place', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-secret-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const { secret } = load('', { EMPTY: ' ' });
  const file = join(folder, 'key');
  assert.throws(() => secret({ env: 'MISSING' }), /environment variable MISSING, which is not set/);
  assert.throws(() => secret({ env: 'EMPTY' }), /which is not set/);
  assert.throws(() => secret({ file }), /cannot be read/);
  await writeFile(file, '\n');
  assert.throws(() => secret({ file }), /which is empty/);
  await writeFile(file, 'from-a-file\n');
  assert.equal(secret({ file }), 'from-a-file');
});

test('a secret address that no webhook can be sent to is refused without being shown', () => {
  for (const address of ['ftp://hooks.example/hidden', 'hidden', 'https://u:hidden@hooks.example/']) {
    const { config, secret } = load(GOOD, { ...SECRETS, SLACK_URL: address });
    assert.throws(
      () => targetsOf(config, secret),
      (error: Error) => /notify target channel/.test(error.message) && !error.message.includes('hidden'),
    );
  }
});
