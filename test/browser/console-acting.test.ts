import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { makeToken } from '../../services/console/access/tokens.ts';
import type { Console } from '../../services/console/console.ts';
import { dateTime } from '../../services/sink/rows/time.ts';
import { CAMPAIGN, CLUSTER, ODD_ID, startSeededTables } from '../console/seeded.ts';
import { openPage, photograph, startBrowser, textOf, violations, wordsOf } from './browser.ts';

const viewer = makeToken('vera', 'viewer');
const admin = makeToken('ada', 'admin');

let browser: Browser;
let tables: Awaited<ReturnType<typeof startSeededTables>>;
let open: Console;
let guarded: Console;
let address = '';
let guardedAddress = '';

before(async () => {
  tables = await startSeededTables();
  open = tables.console();
  guarded = tables.console({ tokens: [viewer.entry, admin.entry] });
  address = (await open.listen()).url;
  guardedAddress = (await guarded.listen()).url;
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await open?.close();
  await guarded?.close();
  await tables?.stop();
});

const ALERT = `/#/alerts/${CAMPAIGN}`;

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return await tables.clickHouse.query(sql.replaceAll('{db}', tables.database));
}

/** Opens a dialog by its button, fills it in, and does what it asks about. */
async function act(page: Page, button: string, fields: Record<string, string>, verb = button): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('one key acknowledges the alert at hand and takes it on', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}/#/alerts?status=open`);
  await page.getByRole('link', { name: `cluster ${CLUSTER}`, exact: true }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page.getByLabel('Your name').fill('kim');
  assert.deepEqual(await violations(page), []);
  await photograph(page, 'acknowledge-dialog');
  await page.keyboard.press('Enter');
  await page.getByText('1 alert acknowledged.').waitFor();
  const row = page.locator('tr', { has: page.getByRole('link', { name: `cluster ${CLUSTER}`, exact: true }) });
  await row.getByText('acknowledged by kim').waitFor();
  await row.getByText('kim looks after it').waitFor();
  assert.deepEqual(wrong, []);
  await close();
});

test('a bulk acknowledgement says exactly what it changed', async () => {
  const { page, close } = await openPage(browser, `${address}/#/alerts?status=open`);
  await act(page, 'Acknowledge all 4 open', { 'Your name': 'kim' }, 'Acknowledge');
  await page.getByText('3 alerts acknowledged, 1 had been before.').waitFor();
  const [counted] = await rows("SELECT countIf(action = 'acknowledged') AS number FROM {db}.alert_handling");
  assert.equal(Number(counted?.['number']), 4);
  await page.getByLabel('Handling').selectOption('waiting');
  await page.getByText('No alert that fits the filter is open.').waitFor();
  await close();
});

test('an alert is assigned, silenced until then, marked; all of it is in its history and in the audit log', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}${ALERT}`);
  await act(page, 'Assign', { 'Who looks after it (empty: nobody)': 'lee', 'Your name': 'kim' });
  await page.getByText('Assigned to lee.').waitFor();
  await act(page, 'Silence', { Reason: 'being limited', 'Your name': 'kim' });
  await page.getByText('Silenced.').waitFor();
  await act(page, 'Mark', { Why: 'read three calls', 'Your name': 'kim' });
  await page.getByText('Marked true.').waitFor();
  await page.getByText('marked true: read three calls').waitFor();
  const lead = await wordsOf(page.locator('article.lead'));
  for (const expected of ['lee looks after it', 'silenced', 'marked true']) assert.ok(lead.includes(expected), lead);
  const [silence] = await rows('SELECT *, ends_at - starts_at AS seconds FROM {db}.silences FINAL');
  assert.deepEqual(
    [
      silence?.['target_type'],
      silence?.['target_id'],
      silence?.['author'],
      silence?.['reason'],
      Math.round(Number(silence?.['seconds']) / 60),
    ],
    ['alert', CAMPAIGN, 'kim', 'being limited', 240],
  );
  await act(page, 'End it now', {}, 'End it');
  await page.getByText('ended by somebody: being limited').waitFor();
  await page.getByText('the silence of the alert by kim was over, ended by somebody: 0 messages kept back').waitFor();
  await page.goto(`${address}/#/audit`);
  await page.getByText('end silence').waitFor();
  const audit = await textOf(page);
  for (const expected of ['mark alert', 'assign alert', `silence alert ${CAMPAIGN}`, 'acknowledge alerts 3 alerts'])
    assert.ok(audit.includes(expected), `${expected} in ${audit}`);
  assert.deepEqual(wrong, []);
  await close();
});

test('what was refused is said in the dialog, and nothing is lost of what was typed', async () => {
  const { page, close } = await openPage(browser, `${address}${ALERT}`);
  await page.getByRole('button', { name: 'Mark', exact: true }).click();
  await page.getByLabel('duplicate: another alert').check();
  await page.getByLabel('Id of the other alert').fill('a_nowhere');
  await page.getByLabel('Why').fill('the same cards');
  await page.getByLabel('Your name').fill('kim');
  await page.getByRole('dialog').getByRole('button', { name: 'Mark' }).click();
  await page.getByText('there is no alert a_nowhere').waitFor();
  assert.equal(await page.getByLabel('Id of the other alert').inputValue(), 'a_nowhere');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await close();
});

test('a cluster is silenced on an alert, which silences the alerts about its parts; on the page of silences it is ended', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}${ALERT}`);
  await page.getByRole('button', { name: 'Silence', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Ends early').selectOption('after 2 h without a message');
  assert.deepEqual(await dialog.getByLabel('Ends early').locator('option').allInnerTexts(), [
    'never',
    'after 2 h without a message',
  ]);
  // As short as the silence itself it would say nothing.
  await dialog.getByLabel('For').selectOption('1 hour');
  assert.equal(await dialog.getByLabel('Ends early').inputValue(), '0');
  await dialog.getByLabel('For').selectOption('7 days');
  await dialog.getByLabel('Ends early').selectOption('after 12 h without a message');
  await dialog.getByLabel('What').selectOption({ label: `every alert about cluster ${CLUSTER}` });
  await dialog.getByLabel('Reason').fill('limited since noon');
  await dialog.getByLabel('Your name').fill('lee');
  await dialog.getByRole('button', { name: 'Silence' }).click();
  await page.getByText('Silenced.').waitFor();
  await page.goto(`${address}/#/alerts?status=open`);
  await page
    .locator('tr', { hasText: `cluster ${CLUSTER}~product` })
    .getByText('silenced')
    .waitFor();
  await page.getByRole('link', { name: 'Silences' }).click();
  const inForce = page.getByRole('region', { name: 'In force', exact: true });
  await inForce.getByText('limited since noon').waitFor();
  assert.match(
    await wordsOf(inForce),
    new RegExp(
      `cluster ${CLUSTER} 2 0 lee limited since noon .* UTC .* ago .* UTC in 6 d ?, or when it has kept nothing back for 12 h ?: as it is now, .* UTC in 11 h End it now`,
    ),
  );
  assert.deepEqual(await violations(page), []);
  await photograph(page, 'silences');
  await page.getByRole('button', { name: 'End it now' }).click();
  await dialog.getByRole('button', { name: 'End it' }).click();
  await page.getByText('Nobody is silenced.').waitFor();
  const over = page.getByRole('region', { name: 'Over', exact: true });
  await over.getByText('limited since noon').waitFor();
  assert.match(await wordsOf(over), /2 0 lee limited since noon/);
  assert.deepEqual(wrong, []);
  await close();
});

test('a silence that was idle says so, on the page of silences and in the history of its alert', async () => {
  const [set, end] = [Date.now() - 9 * 3_600_000, Date.now() + 3_600_000].map(dateTime);
  const row = {
    silence_id: 'idle',
    target_type: 'alert',
    target_id: ODD_ID,
    author: 'lee',
    reason: 'their nightly run',
  };
  const times = { starts_at: set, ends_at: end, written_at: set };
  await tables.clickHouse.insert('silences', [{ ...row, ...times, idle_ms: 6 * 3_600_000 }], 'idle');
  const { page, wrong, close } = await openPage(browser, `${address}/#/silences`);
  const over = page.getByRole('region', { name: 'Over', exact: true }).getByRole('row', { name: /their nightly run/ });
  await over.waitFor();
  assert.match(await wordsOf(over), /lee their nightly run .* UTC 9 h ago .* UTC 3 h ago idle for 6 h$/);
  await page.goto(`${address}/#/alerts/${encodeURIComponent(ODD_ID)}`);
  await page.getByText('the silence of the alert by lee was over, idle for 6 h: 0 messages kept back').waitFor();
  assert.equal(await page.locator('article.lead').getByText('silenced').count(), 0);
  assert.deepEqual(wrong, []);
  await close();
});

test('the audit log goes back as far as it is asked for', async () => {
  const entry = { author: 'kim', role: '', action: 'assign alert', detail: '{}', address: '127.0.0.1' };
  const audited_at = '2026-04-22 00:00:00.000';
  const rows = Array.from({ length: 130 }, (_, number) => ({ ...entry, audited_at, target: `a_old_${number}` }));
  await tables.clickHouse.insert('audit_log', rows, 'old entries');
  const { page, close } = await openPage(browser, `${address}/#/audit`);
  const old = page.getByRole('row', { name: /a_old_/ });
  await old.first().waitFor();
  assert.ok((await old.count()) < 130);
  const more = page.getByRole('button', { name: 'Show more' });
  await more.click();
  await more.waitFor({ state: 'detached' });
  assert.equal(await old.count(), 130);
  await close();
});

test('the exception is shown as YAML for the rules and copied, and the case is exported whole', async () => {
  const { page, close } = await openPage(browser, `${address}${ALERT}`, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await page.getByRole('button', { name: 'Allow-list' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('It would hide 2 of the ').waitFor();
  const said = await wordsOf(dialog);
  assert.match(said, new RegExp(`- kind: cluster value: ${CLUSTER} owner:`));
  assert.match(said, new RegExp(`page ${CAMPAIGN} harvesting open .* ago ticket ${ODD_ID} harvesting open`));
  assert.match(said, /The rules in force cannot be read now/);
  await dialog.getByLabel('What to except').selectOption({ label: 'whom lockstep five-minute bins alone joins' });
  await dialog.getByText('value: lockstep:five-minute bins').waitFor();
  await dialog.getByLabel('What to except').selectOption({ label: `cluster ${CLUSTER}` });
  await dialog.getByText(`value: ${CLUSTER}`).waitFor();
  await page.getByRole('button', { name: 'Copy the YAML' }).click();
  await page.getByText('Copied').waitFor();
  assert.match(
    String(await page.evaluate('navigator.clipboard.readText()')),
    new RegExp(`^- kind: cluster\n {2}value: ${CLUSTER}\n {2}owner: `),
  );
  await page.getByRole('button', { name: 'Close' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export the case' }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), `${CAMPAIGN}.json`);
  const exported = JSON.parse(await readFile(await download.path(), 'utf8'));
  assert.deepEqual(
    [exported.alert_id, exported.signatures.length, exported.timeline.length, exported.joins.accounts],
    [CAMPAIGN, 3, 3, 2_400],
  );
  await close();
});

test('dead letters are sent back from the page, and it says how many were; who may not is told what to type', async () => {
  const asked: unknown[] = [];
  const mending = tables.console({
    requeue: async (letters) => {
      asked.push(letters);
      return { requeued: 1, already: 2, internal: 0, missing: [] };
    },
  });
  const { url } = await mending.listen();
  const { page, wrong, close } = await openPage(browser, `${url}/#/pipeline`);
  await act(page, 'Requeue', { 'Your name': 'kim' });
  await page.getByText('1 message requeued, 2 had been before.').waitFor();
  assert.deepEqual(asked, [{ topic: 'llm.api-calls', reason: 'not_avro' }]);
  const [audited] = await rows("SELECT author, target, detail FROM {db}.audit_log WHERE action = 'requeue'");
  assert.deepEqual([audited?.['author'], audited?.['target']], ['kim', 'llm.api-calls']);
  assert.deepEqual(wrong, []);
  await close();
  await mending.close();

  const plain = await openPage(browser, `${address}/#/pipeline`);
  await plain.page.getByRole('button', { name: 'How to requeue' }).click();
  const dialog = plain.page.getByRole('dialog');
  await dialog.getByText('stillwatch dlq requeue --topic llm.api-calls --reason not_avro').waitFor();
  assert.deepEqual(await violations(plain.page), []);
  await photograph(plain.page, 'requeue-dialog');
  await plain.close();
});

test('what other rules would have said is read from the file that backtest wrote, and a file of another kind is refused', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}/#/rules`);
  const choose = page.getByLabel('Difference to show');
  const opened = {
    verdict: 'harvesting',
    account_count: 43,
    exchanges_before_alert: 150,
    opened_at: Date.UTC(2026, 3, 22, 5),
  };
  const difference = {
    a: { file: 'now.yaml', hash: 'aaaa' },
    b: { file: 'new.yaml', hash: 'bbbb' },
    alerts: [
      { change: 'only_b', alert_id: 'a_c_new', a: null, b: { alert_id: 'a_c_new', severity: 'page', ...opened } },
    ],
    accounts: [{ account_id: 'acct_00001', a: null, b: 'page' }],
    same: 3,
  };
  const fileOf = (text: string) => ({ name: 'backtest.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await choose.setInputFiles(fileOf(JSON.stringify(difference)));
  await page.getByText('1 alert and 1 account differ').waitFor();
  assert.match(await textOf(page), /only B a_c_new none page never 2026-04-22 05:00/);
  assert.deepEqual(await violations(page), []);
  await photograph(page, 'backtest');
  for (const other of [
    'not JSON',
    '{}',
    JSON.stringify({ ...difference, alerts: [{ alert_id: 'x', a: { opened_at: 'soon' } }] }),
  ]) {
    await choose.setInputFiles(fileOf(other));
    await page.getByText('backtest.json is not what stillwatch backtest --json prints.').waitFor();
  }
  assert.deepEqual(wrong, []);
  await close();
});

test('with tokens nothing is shown before the log-in, a viewer cannot act, and the link one followed still leads there', async () => {
  const { page, close } = await openPage(browser, `${guardedAddress}${ALERT}`);
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await photograph(page, 'login');
  await page.getByLabel('Access token').fill('sw_wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('this token lets nobody in').waitFor();
  await page.getByLabel('Access token').fill(viewer.token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: /^2,400 accounts/ }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Assign' }).count(), 0);
  assert.equal(await page.getByRole('link', { name: 'Audit' }).count(), 0);
  const cookies = await page.context().cookies();
  assert.deepEqual(
    cookies.map(({ httpOnly, sameSite }) => [httpOnly, sameSite]),
    [[true, 'Strict']],
  );
  assert.equal(
    await page.evaluate('document.cookie + JSON.stringify(localStorage)').then((text) => String(text).includes('sw_')),
    false,
  );
  await page.getByRole('button', { name: 'Log out vera' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await close();
});

test('who is logged in is who acts: nobody types a name', async () => {
  const { page, wrong, close } = await openPage(browser, `${guardedAddress}${ALERT}`);
  await page.getByLabel('Access token').fill(admin.token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Mark', exact: true }).click();
  assert.equal(await page.getByLabel('Your name').count(), 0);
  await page.getByLabel('false: an innocent answer fits').check();
  await page.getByLabel('Why').fill('their nightly evaluation');
  await page.getByRole('dialog').getByRole('button', { name: 'Mark' }).click();
  await page.getByText('Marked false.').waitFor();
  const [mark] = await rows('SELECT marked_by, mark FROM {db}.alert_marks ORDER BY marked_at DESC LIMIT 1');
  assert.deepEqual(mark, { marked_by: 'ada', mark: 'false' });
  assert.deepEqual(wrong, []);
  // The session ends under the reader's hands.
  await page.context().clearCookies();
  await page.goto(`${guardedAddress}/#/pipeline`);
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await close();
});
