import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { CAMPAIGN, CLUSTER, HOSTILE, ODD_ID } from '../console/seeded.ts';
import { eventually } from '../infra/clickhouse/server.ts';
import { openPage, textOf, wordsOf } from './browser.ts';
import { startSeededConsole } from './seeded-console.ts';

let seeded: Awaited<ReturnType<typeof startSeededConsole>>;
let browser: Browser;
let address = '';
let isAway = false;

before(async () => {
  seeded = await startSeededConsole(({ clickHouse }) => ({
    clickhouse: {
      insert: clickHouse.insert,
      query(sql, parameters) {
        if (isAway) throw new Error('away');
        return clickHouse.query(sql, parameters);
      },
    },
  }));
  ({ browser, address } = seeded);
});
after(() => seeded?.stop());

const ALERT = `/#/alerts/${CAMPAIGN}`;
test('the list shows open alerts first, the most severe of them first, with what one needs to choose', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}/`);
  // Two lists, and either may come first.
  for (const last of ['cluster c_pool', 'cluster c_done_0'])
    await page.getByRole('link', { name: last, exact: true }).waitFor();
  assert.deepEqual((await page.locator('td.who a').allInnerTexts()).slice(0, 5), [
    `cluster ${CLUSTER}`,
    'account acct_loud',
    `cluster ${CLUSTER}~product`,
    'cluster c_pool',
    'cluster c_done_0',
  ]);
  const row = await wordsOf(
    page.locator('tr', { has: page.getByRole('link', { name: `cluster ${CLUSTER}`, exact: true }) }),
  );
  for (const expected of ['page', 'harvesting', '97 % sure', '1 d ago', 'UTC', '184,220', '2,400', 'waiting'])
    assert.ok(row.includes(expected), `${expected} in ${row}`);
  const spark = page.locator('tr', { hasText: 'cluster c_pool' }).getByRole('img');
  await spark.waitFor();
  assert.match((await spark.getAttribute('aria-label')) ?? '', /in the newest hour, [\d,]+ at most in 48 hours/);
  assert.match(await wordsOf(page.locator('#state')), /4 open, 60 resolved/);
  assert.equal(await page.title(), '(4) Alerts · stillwatch');
  assert.deepEqual(wrong, []);
  await close();
});

test('open alerts are shown before anything else is asked for, and nothing is asked for twice', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}/#/rules`);
  const asked: string[] = [];
  const held = Promise.withResolvers<void>();
  await page.route(/\/api\/(alerts|trends)\?/, async (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    asked.push(
      `${pathname.slice('/api/'.length)} ${searchParams.get('status') ?? searchParams.getAll('subject_id').length}`,
    );
    if (searchParams.get('status') === 'resolved') await held.promise;
    await route.continue();
  });
  await page.goto(`${address}/`);
  await page.getByRole('link', { name: `cluster ${CLUSTER}`, exact: true }).waitFor();
  await page.getByText('4 open, 60 resolved').waitFor();
  assert.equal(await page.getByRole('link', { name: 'cluster c_done_0', exact: true }).count(), 0);
  held.resolve();
  await page.locator('td svg').first().waitFor();
  assert.deepEqual(asked, ['alerts open', 'alerts resolved', 'trends 54']);
  assert.deepEqual(wrong, []);
  await close();
});

test('filters are in the address, and hold after a reload; an account finds the alert of its cluster', async () => {
  const { page, close } = await openPage(browser, `${address}/`);
  await page.getByLabel('Severity').selectOption('ticket');
  await page.getByLabel('Status').selectOption('open');
  await page.getByText(/^1 open,/).waitFor();
  assert.equal(new URL(page.url()).hash, '#/alerts?severity=ticket&status=open');
  await page.reload();
  await page.getByRole('link', { name: `cluster ${CLUSTER}~product` }).waitFor();
  assert.equal(await page.getByLabel('Severity').inputValue(), 'ticket');
  assert.equal(await page.locator('tbody tr').count(), 1);
  await page.goto(`${address}/#/alerts?text=acct_02399`);
  await page.getByText(/^2 open,/).waitFor();
  assert.deepEqual(await page.locator('td.who a').allInnerTexts(), [
    `cluster ${CLUSTER}`,
    `cluster ${CLUSTER}~product`,
  ]);
  await close();
});

test('older alerts come with a button, and the live first page does not take them away', async () => {
  const { page, close } = await openPage(browser, `${address}/`);
  const oldest = page.getByRole('link', { name: 'cluster c_done_59' });
  await page.getByRole('link', { name: 'cluster c_done_49' }).waitFor();
  assert.equal(await oldest.count(), 0);
  await page.getByRole('button', { name: 'Show more' }).click();
  await oldest.waitFor();
  assert.equal(await page.getByRole('button', { name: 'Show more' }).count(), 0);
  const refreshed = page.waitForResponse(/status=resolved/);
  await page.keyboard.press('r');
  await refreshed;
  assert.equal(await oldest.count(), 1);
  await close();
});

test('what has not changed is asked for by its ETag and not sent again', async () => {
  const { page, close } = await openPage(browser, `${address}/#/alerts?status=open`);
  await page.getByRole('link', { name: `cluster ${CLUSTER}`, exact: true }).waitFor();
  const refreshed = page.waitForResponse(
    (response) => response.url().includes('status=open') && response.status() === 304,
  );
  await page.clock.install();
  await page.clock.fastForward(6_000);
  await refreshed;
  assert.equal(await page.getByRole('link', { name: `cluster ${CLUSTER}`, exact: true }).count(), 1);
  await close();
});

test('the keyboard alone goes through the list, selects and opens', async () => {
  const { page, close } = await openPage(browser, `${address}/`);
  await page.getByRole('link', { name: `cluster ${CLUSTER}`, exact: true }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  assert.equal(await page.getByRole('checkbox', { name: 'Select a_acct_loud' }).isChecked(), true);
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^2,400 accounts that look like one actor/ }).waitFor();
  assert.equal(new URL(page.url()).hash, `#/alerts/${CAMPAIGN}`);
  await close();
});

test('an alert says who, how many exchanges, how sure and what next, then why', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}${ALERT}`);
  await page.getByText('five-minute bins').first().waitFor();
  const shown = await textOf(page);
  for (const expected of [
    '2,400 accounts that look like one actor made 184,220 exchanges in 2 d: consistent with harvesting answers to train a model.',
    '97 % sure that it is a campaign.',
    'Next: Acknowledge it. Read three sample calls',
    'template enumeration v1 93 % score',
    'calls of templates with >= 8 calls', // the formula
    '0.753 share',
    'Counts above 0.2, fully from 0.5',
    'It is above 99.6 % of the accounts of its cohort: half of them are at 0 to 0.04 (median 0.01), nine in ten at 0 to 0.12, one in a hundred above 0.31',
    'Counts below 0.8, fully from 0.1',
    'No baseline: no values of other accounts are known to compare it with',
    'It is above 8.4 % of the accounts of its cohort; what they do is not on this alert',
    'Before the alert 2,150',
    'payment fingerprint pf_1a9c… 812 81 %',
    'acct_00001',
    'evt_2',
    'revision 1 opened as ticket: 310 accounts, 2,150 exchanges, 55 % sure',
    'notify abuse-channel took revision 1: HTTP 202',
    'notify abuse-channel took revision 3: HTTP 202, at attempt 3',
    'notify oncall did not take revision 2, published then: HTTP 401, after 1 attempt',
  ])
    assert.ok(shown.includes(expected), `${expected} in ${shown}`);
  for (const [scale, cohorts] of [
    ['enumerated_share is 0.753 share', 1],
    ['evenness_excess is -0.04 ratio', 1],
    ['evenness_gini is 0.18 ratio', 0],
  ] as const)
    assert.equal(await page.getByRole('img', { name: scale }).locator('.cohort').count(), cohorts, scale);
  assert.equal(
    await page.getByRole('meter', { name: 'contribution of enumerated_share' }).getAttribute('value'),
    '0.5',
  );
  assert.equal(
    await page
      .getByRole('img', { name: /^Exchanges an hour: [\d,]+ exchanges in 60 hours$/ })
      .locator('canvas')
      .count(),
    1,
  );
  assert.equal(
    await page.getByRole('link', { name: 'runbook' }).getAttribute('href'),
    'https://runbooks.example.org/stillwatch/harvesting.md',
  );
  assert.deepEqual(wrong, []);
  await close();
});

test('thousands of accounts are one readable picture, whose evidence is said on focus', async () => {
  const { page, close } = await openPage(browser, `${address}${ALERT}`);
  const picture = page.getByRole('group', { name: 'Accounts and the attributes that join them' });
  await picture.waitFor();
  const nodes = picture.locator('g.node');
  assert.ok((await nodes.count()) <= 20);
  await nodes.first().focus();
  assert.match(await wordsOf(page.locator('figcaption')), /^client b41f07… joins 1,760 accounts, 73 % of them$/);
  await nodes.last().focus();
  assert.match(
    await wordsOf(page.locator('figcaption')),
    /^\d+ accounts in smaller groups, with any of client b41f07…, /,
  );
  await close();
});

test('what an attacker put into a field is shown as text and never runs', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}/#/alerts/${encodeURIComponent(ODD_ID)}`);
  await page.getByText('five-minute bins').first().waitFor();
  assert.ok((await textOf(page)).split(HOSTILE).length > 3);
  for (const path of ['/#/accounts/acct_00001', '/#/pipeline', '/#/alerts']) {
    await page.goto(`${address}${path}`);
    await page.getByText(HOSTILE).first().waitFor();
  }
  assert.equal(await page.locator('main img, main script').count(), 0);
  assert.equal(await page.locator('a[href^="javascript:" i]').count(), 0);
  assert.equal(await page.evaluate('globalThis.owned'), undefined);
  assert.deepEqual(wrong, []);
  await close();
});

test('the colours are chosen by a button, and the choice stays', async () => {
  const { page, close } = await openPage(browser, `${address}/#/alerts?status=open`, { colorScheme: 'dark' });
  // The page is painted anew a moment after the button says so.
  // Asked from outside: what waits in the page itself is compiled there, which the page's policy forbids.
  const paperIs = (colour: string) =>
    eventually(
      `the paper is ${colour}`,
      async () => (await page.evaluate('getComputedStyle(document.body).backgroundColor')) === colour,
    );
  await paperIs('rgb(14, 17, 22)');
  await page.getByRole('button', { name: 'Colours: system' }).click();
  await page.getByRole('button', { name: 'Colours: light' }).waitFor();
  await paperIs('rgb(255, 255, 255)');
  await page.reload();
  await page.getByRole('button', { name: 'Colours: light' }).click();
  await page.getByRole('button', { name: 'Colours: dark' }).waitFor();
  await page.emulateMedia({ colorScheme: 'light' });
  await paperIs('rgb(14, 17, 22)');
  await page.getByRole('button', { name: 'Colours: dark' }).click();
  await page.getByRole('button', { name: 'Colours: system' }).waitFor();
  await paperIs('rgb(255, 255, 255)');
  await close();
});

test('the SQL, the sample accounts and the accounts of a cluster are copied by a button', async () => {
  const { page, close } = await openPage(browser, `${address}${ALERT}`, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await page.getByRole('button', { name: 'Copy the SQL' }).click();
  await page.getByText('Copied').waitFor();
  assert.match(
    String(await page.evaluate('navigator.clipboard.readText()')),
    /^SELECT \* FROM stillwatch.cluster_windows FINAL/,
  );
  assert.match(
    await wordsOf(page.getByRole('region', { name: 'SQL of every figure' })),
    new RegExp(`alerts FINAL WHERE alert_id = '${CAMPAIGN}' AND revision = 3`),
  );
  const copied = async (button: string): Promise<string[]> => {
    await page.getByRole('button', { name: button }).click();
    await page
      .locator('p', { has: page.getByRole('button', { name: button }) })
      .getByText('Copied')
      .waitFor();
    return String(await page.evaluate('navigator.clipboard.readText()')).split('\n');
  };
  assert.deepEqual(await copied('Copy the accounts'), ['acct_00000', 'acct_00001', HOSTILE]);
  await page.goto(`${address}/#/clusters/${CLUSTER}`);
  const accounts = await copied('Copy these accounts');
  assert.equal(accounts.length, 100);
  assert.match(accounts[0] ?? '', /^acct_\d{5}$/);
  await close();
});

test('an account shows what it did and why it is linked; its cluster shows where its accounts came from', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}/#/accounts/acct_00001`);
  await page.getByText('Which cluster it was in').waitFor();
  const account = await textOf(page);
  for (const expected of [`One of the accounts of cluster ${CLUSTER}`, 'pay_as_you_go', 'joined', 'signup batch'])
    assert.ok(account.includes(expected), expected);
  await page.getByRole('link', { name: CLUSTER, exact: true }).click();
  await page.getByRole('heading', { name: `Cluster ${CLUSTER}` }).waitFor();
  await page.getByText('Lineage').waitFor();
  const cluster = await textOf(page);
  for (const expected of [
    '2,400 accounts that are taken for one actor now',
    'left: linked to nobody any more',
    'merged: from c_0b22fe',
    'The 100 of 2,400 that joined last',
  ])
    assert.ok(cluster.includes(expected), expected);
  await page.getByRole('button', { name: 'day' }).click();
  await page.getByText('No day is stored.').waitFor();
  assert.match(page.url(), /size=day/);
  await page.reload();
  await page.getByText('No day is stored.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'day' }).getAttribute('aria-pressed'), 'true');
  assert.deepEqual(wrong, []);
  await close();
});

test('rules and pipeline show what is known and say what is not', async () => {
  const { page, close } = await openPage(browser, `${address}/#/rules`);
  await page.getByText('Which rules judged').waitFor();
  const rules = await textOf(page);
  for (const expected of [
    'judged by r4bc01',
    'template enumeration not known 228 114 50 % 4 0',
    'the console was started without Kafka',
  ])
    assert.ok(rules.includes(expected), `${expected} in ${rules}`);
  await page.getByRole('link', { name: 'Pipeline' }).click();
  await page.getByText('What is stored').waitFor();
  const pipeline = await textOf(page);
  for (const expected of [
    'set console.services',
    'llm.api-calls not avro 3',
    'partition 0, offset 1',
    'oncall HTTP 401 2',
  ])
    assert.ok(pipeline.includes(expected), `${expected} in ${pipeline}`);
  await page.getByRole('region', { name: 'Undelivered alerts' }).getByRole('link', { name: CAMPAIGN }).click();
  await page.getByText('What joins the accounts').first().waitFor();
  await close();
});

test('times are shown in UTC or in the time of the machine, and the choice stays', async () => {
  const { page, close } = await openPage(browser, `${address}${ALERT}`, { timezoneId: 'Asia/Kathmandu' });
  const opened = page.locator('.facts div', { hasText: 'Opened' }).locator('time');
  await opened.waitFor();
  assert.match(await wordsOf(opened), /:00 UTC$/);
  await page.getByRole('button', { name: 'UTC' }).click();
  assert.match(await wordsOf(opened), /:45 \+05:45$/);
  await page.reload();
  await opened.waitFor();
  assert.match(await wordsOf(opened), /:45 \+05:45$/);
  assert.match(await wordsOf(page.locator('.facts div', { hasText: 'Opened' })), / 1 d ago$/);
  await close();
});

test('when the database is away the page says so, and keeps what it had', async (t) => {
  const { page, close } = await openPage(browser, `${address}/#/alerts?status=open`);
  const link = page.getByRole('link', { name: `cluster ${CLUSTER}`, exact: true });
  await link.waitFor();
  isAway = true;
  t.after(() => {
    isAway = false;
  });
  await page.keyboard.press('r');
  await page.getByText('Not up to date: ClickHouse did not read').waitFor();
  assert.equal(await link.count(), 1);
  await close();
});
