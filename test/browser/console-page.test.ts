import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createConsole } from '../../services/console/console.ts';

const ARTEFACTS = join(import.meta.dirname, '../artefacts');
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const HOSTILE = '<img src=x onerror="document.title=\'owned\'">';

const ALERT = {
  alert_id: 'a_c_1',
  revision: 2,
  status: 'open',
  verdict: 'harvesting',
  severity: 'page',
  subject_type: 'cluster',
  subject_id: 'c_1',
  account_count: 43,
  exchange_count: 3487,
  exchanges_before_alert: 150,
  confidence: 0.98,
  summary: '43 linked accounts made 3487 calls so far. Consistent with harvesting answers for training.',
  opened_at_ms: '1776823200000',
  updated_at_ms: '1776826800000',
  first_seen_ms: '1776816027884',
  last_seen_ms: '1776826799090',
  signatures: JSON.stringify([
    {
      name: 'template-enumeration',
      version: 1,
      score: 1,
      features: [
        {
          name: 'enumerated_share',
          value: 0.753,
          unit: 'share',
          baseline_percentile: 95.4,
          threshold: 0.25,
          contribution: 0.7,
        },
      ],
    },
  ]),
  linking_evidence: JSON.stringify([{ kind: 'payment_fingerprint', attribute: HOSTILE, accounts: 8, weight: 0.8 }]),
  sample_accounts: ['acct_1', HOSTILE],
  sample_event_ids: ['evt_1'],
  rules_hash: 'abc',
  atlas_technique: 'AML.T0024.002',
  query: "SELECT * FROM stillwatch.cluster_windows FINAL WHERE subject_id = 'c_1'",
  runbook_url: 'https://example.org/runbook',
  baseline_note: '',
};

let browser: Browser;
let address = '';
let stop: () => Promise<void>;

before(async () => {
  assert.ok(
    existsSync(CHROMIUM),
    `there is no Chromium at ${CHROMIUM}: apt-get install chromium, or name one in CHROMIUM`,
  );
  await mkdir(ARTEFACTS, { recursive: true });
  const query = async (sql: string): Promise<never[]> => {
    const rows: unknown[] = sql.includes('cluster_windows')
      ? []
      : sql.startsWith('SELECT revision')
        ? [{ ...ALERT, type: 'stillwatch.alert.updated' }]
        : [ALERT];
    return rows as never[]; // canned rows stand in for whatever row type is asked for
  };
  const page = createConsole({
    clickhouse: { query },
    database: 'stillwatch',
    log: pino({ level: 'silent' }),
    host: '127.0.0.1',
    port: 0,
  });
  address = (await page.listen()).url;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  stop = async () => {
    await browser.close();
    await page.close();
  };
});
after(() => stop());

interface Watched {
  page: Page;
  errors: string[];
  foreign: string[];
}

async function open(path: string): Promise<Watched> {
  const page = await browser.newPage();
  const errors: string[] = [];
  const foreign: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => !request.url().startsWith(address) && foreign.push(request.url()));
  await page.goto(`${address}${path}`);
  return { page, errors, foreign };
}

async function violations(page: Page): Promise<string[]> {
  await page
    .addScriptTag({ content: await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8') })
    .catch(async () => {
      // The page's own policy forbids added scripts, as it should: the check is run from outside of it.
      await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    });
  const found: { id: string; nodes: unknown[] }[] = await page.evaluate(
    'axe.run().then((result) => result.violations.map(({ id, nodes }) => ({ id, nodes: nodes.length })))',
  );
  return found.map(({ id }) => id);
}

test('the list shows alerts, and one opens with its whole explanation', async () => {
  const { page, errors, foreign } = await open('/');
  await page.getByRole('link', { name: /43 linked accounts/ }).click();
  await page.getByText('template-enumeration v1').waitFor();
  const text = (await page.locator('main').textContent()) ?? '';
  for (const expected of [
    'enumerated_share',
    'above 95 %',
    'payment fingerprint',
    '3,487 exchanges',
    'SELECT * FROM stillwatch.cluster_windows',
    'acct_1',
    'evt_1',
    'runbook',
  ])
    assert.ok(text.includes(expected), expected);
  await page.screenshot({ path: join(ARTEFACTS, 'alert.png'), fullPage: true });
  assert.deepEqual(errors, []);
  assert.deepEqual(foreign, []);
});

test('what an attacker put into a field is shown as text and never runs', async () => {
  const { page } = await open('/#/alerts/a_c_1');
  await page.getByText('payment fingerprint').waitFor();
  assert.ok(((await page.locator('main').textContent()) ?? '').includes(HOSTILE));
  assert.equal(await page.title(), 'stillwatch');
  assert.equal(await page.locator('main img').count(), 0);
});

test('a deep link opens the alert, and the list fits a telephone', async () => {
  const { page } = await open('/');
  await page.setViewportSize({ width: 360, height: 640 });
  await page.getByRole('link', { name: /43 linked accounts/ }).waitFor();
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  assert.equal(overflow, 0);
  await page.screenshot({ path: join(ARTEFACTS, 'alerts-360.png') });
});

for (const scheme of ['light', 'dark'] as const) {
  test(`list and alert have no accessibility violations, ${scheme}`, async () => {
    for (const path of ['/', '/#/alerts/a_c_1']) {
      const { page } = await open(path);
      await page.emulateMedia({ colorScheme: scheme });
      await page.getByText(/43 linked accounts/).waitFor();
      assert.deepEqual(await violations(page), [], path);
    }
  });
}
