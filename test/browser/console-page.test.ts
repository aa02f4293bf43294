import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Console } from '../../services/console/console.ts';
import {
  alertRow,
  answers,
  consoleOver,
  fakeClickHouse,
  HOSTILE,
  type Row,
  START,
  windowRow,
} from '../console/canned.ts';

const ARTEFACTS = join(import.meta.dirname, '../artefacts');
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** Spaces, slashes, hash and percent sign: an id survives the address. */
const ODD_ID = 'a/c #2 100%';

const ALERTS: Row[] = [
  alertRow(),
  alertRow({ alert_id: ODD_ID, severity: 'ticket', summary: `Odd ${HOSTILE}`, runbook_url: 'javascript:owned=true' }),
  ...Array.from({ length: 60 }, (_, n) =>
    alertRow({
      alert_id: `done_${n}`,
      status: 'resolved',
      summary: `Resolved number ${n}.`,
      updated_at_ms: String(START - n),
    }),
  ),
];

function list({ status, is_first, before_id, limit }: Row): Row[] {
  const rows = ALERTS.filter((row) => row['status'] === status);
  const after = is_first === 1 ? 0 : rows.findIndex((row) => row['alert_id'] === before_id) + 1;
  return rows.slice(after, after + Number(limit));
}

let browser: Browser;
let server: Console;
let address = '';
let isAway = false;

before(async () => {
  const advice = `there is no Chromium at ${CHROMIUM}: apt-get install chromium, or name one in CHROMIUM`;
  assert.ok(existsSync(CHROMIUM), advice);
  await mkdir(ARTEFACTS, { recursive: true });
  const answer = answers({
    list,
    alert: ({ id }) => ALERTS.filter((row) => row['alert_id'] === id),
    timeline: [alertRow(), alertRow({ revision: 1, type: 'stillwatch.alert.opened', severity: 'ticket' })],
    windows: [windowRow({ verdict: HOSTILE })],
  });
  const clickhouse = fakeClickHouse((asked) => {
    if (isAway) throw new Error('away');
    return answer(asked);
  });
  server = consoleOver(clickhouse);
  address = (await server.listen()).url;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

interface Watched {
  page: Page;
  /** Errors on the page's console, scripts that threw, and requests to anywhere but the console. */
  wrong: string[];
}

async function open(path: string, prepare: (page: Page) => Promise<void> = async () => {}): Promise<Watched> {
  const page = await browser.newPage();
  const wrong: string[] = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => new URL(request.url()).origin !== address && wrong.push(request.url()));
  await prepare(page);
  await page.goto(`${address}${path}`);
  return { page, wrong };
}

const textOf = async (page: Page): Promise<string> => (await page.locator('main').textContent()) ?? '';

test('the list shows open alerts first, and one opens with its whole explanation', async () => {
  const { page, wrong } = await open('/');
  await page.getByRole('link', { name: /^Resolved number 0/ }).waitFor();
  const listed = await textOf(page);
  assert.ok(listed.indexOf('43 linked accounts') < listed.indexOf('Resolved number 0.'));
  for (const expected of ['page', 'coordinated pool', '3,487', '43', '98 %'])
    assert.ok(listed.includes(expected), expected);
  await page.screenshot({ path: join(ARTEFACTS, 'alerts.png') });
  await page.getByRole('link', { name: /43 linked accounts/ }).click();
  await page.getByText('template-enumeration v1: score 90 %').waitFor();
  assert.equal(new URL(page.url()).hash, '#/alerts/a_c_1');
  const shown = await textOf(page);
  for (const expected of [
    '43 linked accounts made 3487 calls so far.',
    'enumerated_share0.753share95.40.25',
    '70 %',
    'no baseline',
    'payment fingerprintpf_1…9c881 %',
    '3,487 (150 before the alert opened)',
    'acct_1',
    'evt_1',
    'opened',
    '812',
    'SELECT * FROM stillwatch.cluster_windows',
  ])
    assert.ok(shown.includes(expected), expected);
  assert.equal(
    await page.getByRole('meter', { name: 'contribution of enumerated_share' }).getAttribute('value'),
    '0.7',
  );
  assert.equal(
    await page.getByRole('link', { name: 'runbook' }).getAttribute('href'),
    'https://runbooks.example/harvesting',
  );
  await page.screenshot({ path: join(ARTEFACTS, 'alert.png'), fullPage: true });
  assert.deepEqual(wrong, []);
  await page.close();
});

test('what an attacker put into a field is shown as text and never runs', async () => {
  const { page, wrong } = await open(`/#/alerts/${encodeURIComponent(ODD_ID)}`);
  await page.getByText('payment fingerprint').waitFor();
  assert.equal((await textOf(page)).split(HOSTILE).length - 1, 7);
  assert.equal(await page.locator('img, main script').count(), 0);
  assert.equal(await page.locator('a[href^="javascript:" i]').count(), 0);
  assert.equal(await page.evaluate('globalThis.owned'), undefined);
  assert.deepEqual(wrong, []);
  await page.close();
});

test('the keyboard reaches an alert, and a refresh does not take its place away', async () => {
  const { page, wrong } = await open('/', async (made) => {
    await made.clock.install();
  });
  const link = page.getByRole('link', { name: /43 linked accounts/ });
  await link.waitFor();
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press('Tab');
    if (await link.evaluate((node) => node === node.ownerDocument.activeElement)) break;
  }
  const before = await link.elementHandle();
  const refreshed = page.waitForResponse(/status=open/);
  await page.clock.fastForward(6_000);
  await refreshed;
  await before?.waitForElementState('hidden');
  assert.ok(await link.evaluate((node) => node === node.ownerDocument.activeElement));
  await page.keyboard.press('Enter');
  await page.getByText('template-enumeration v1').waitFor();
  assert.deepEqual(wrong, []);
  await page.close();
});

test('older alerts come with a button', async () => {
  const { page } = await open('/');
  await page.getByText('Resolved number 49.').waitFor();
  assert.ok(!(await textOf(page)).includes('Resolved number 50.'));
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText('Resolved number 59.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Show more' }).count(), 0);
  await page.close();
});

test('the SQL is copied by a button', async () => {
  const { page } = await open('/#/alerts/a_c_1', (made) =>
    made.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: address }),
  );
  await page.getByRole('button', { name: 'Copy the SQL' }).click();
  await page.getByText('Copied').waitFor();
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), alertRow()['query']);
  await page.close();
});

test('when the database is away the page says so', async (t) => {
  isAway = true;
  t.after(() => {
    isAway = false;
  });
  const { page } = await open('/');
  await page.getByText('Not up to date: the alerts could not be read').waitFor();
  await page.close();
});

test('list and alert fit a screen 360 pixels wide', async () => {
  for (const [path, shown, name] of [
    ['/', 'Resolved number 0.', 'alerts-360'],
    ['/#/alerts/a_c_1', 'payment fingerprint', 'alert-360'],
  ] as const) {
    const { page } = await open(path, (made) => made.setViewportSize({ width: 360, height: 640 }));
    await page.getByText(shown).waitFor();
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    assert.equal(await page.evaluate(overflow), 0, path);
    await page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
    await page.close();
  }
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`list and alert have no accessibility violations, ${colorScheme}`, async () => {
    const axe = await readFile(AXE, 'utf8');
    const paper: unknown[] = [];
    for (const [path, shown] of [
      ['/', 'Resolved number 0.'],
      ['/#/alerts/a_c_1', 'payment fingerprint'],
    ] as const) {
      const { page } = await open(path, (made) => made.emulateMedia({ colorScheme }));
      await page.getByText(shown).waitFor();
      // The page's policy forbids added scripts, as it should: the check is run from outside of it.
      await page.evaluate(axe);
      const found = await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))');
      assert.deepEqual(found, [], path);
      paper.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      await page.screenshot({ path: join(ARTEFACTS, `${shown.split(' ', 1)}-${colorScheme}.png`) });
      await page.close();
    }
    assert.deepEqual(new Set(paper), new Set([colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(13, 17, 23)']));
  });
