import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { startHealthServer } from '../../services/platform/health.ts';
import { createMetrics } from '../../services/platform/metrics.ts';
import { startAnsweringService } from '../console/answering-service.ts';
import { EXCEPTION, publishedRules } from '../console/published-rules.ts';
import { openPage, overflow, photograph, textOf, violations, wordsOf } from './browser.ts';
import { startSeededConsole } from './seeded-console.ts';

let seeded: Awaited<ReturnType<typeof startSeededConsole>>;
let service: Awaited<ReturnType<typeof startAnsweringService>>;
let browser: Browser;
let address = '';

before(async () => {
  service = await startAnsweringService();
  seeded = await startSeededConsole(() => ({
    services: [`calls=${service.url}`, 'links=http://127.0.0.1:1'],
    ruleVersions: async () => publishedRules(),
  }));
  ({ browser, address } = seeded);
});
after(async () => {
  await seeded?.stop();
  await service?.close();
});

test('the rules show what was published, the mode of each signature, and who is excepted', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}/#/rules`);
  await page.getByRole('heading', { name: 'Exceptions in force' }).waitFor();
  const signatures = await wordsOf(page.getByRole('region', { name: 'Signatures', exact: true }));
  for (const expected of [/template enumeration shadow 228 114 50 % 4 0/, /hydra load balancing on 228 /])
    assert.match(signatures, expected);
  const shadow = page.getByRole('row', { name: /template enumeration/ }).getByText('shadow', { exact: true });
  assert.match((await shadow.getAttribute('class')) ?? '', /\bdue\b/);
  const published = await page
    .getByRole('region', { name: 'Published rules', exact: true })
    .getByRole('row')
    .allInnerTexts();
  const [, applied = '', file = ''] = published.map((row) => row.replaceAll(/\s+/g, ' '));
  // The newest first.
  assert.match(applied, /^r4bc01 judging \d{4}-.* UTC .* ago .*rules apply \d+ on, 1 shadow.* 1$/);
  assert.match(file, /^r0001a the beginning .* rule file \d+ on.* 0$/);
  const exceptions = await wordsOf(page.getByRole('region', { name: 'Exceptions', exact: true }));
  const { kind, value, owner, reason, expires } = EXCEPTION;
  assert.ok(exceptions.includes(`${kind} ${value} ${owner} ${reason} ${expires}`), exceptions);
  assert.deepEqual(wrong, []);
  await close();
});

test('the pipeline shows how far each service and task is, and which does not answer', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}/#/pipeline`);
  await page.getByRole('heading', { name: 'Tasks' }).waitFor();
  const rows = (name: string) => page.getByRole('region', { name, exact: true }).first().getByRole('row');
  const said = async (name: string): Promise<string[]> =>
    (await rows(name).allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' ').trim());
  const [, calls = '', links = ''] = await said('Services');
  // The watermark is that of the task which has one; three calls were late, no message was refused.
  assert.match(calls, /^calls ready 1,700 records 2026-04-22 00:00 UTC \d+ d ago 3 0 http:/);
  assert.match(links, /^links .*failed.* http:\/\/127\.0\.0\.1:1$/);
  const [, first = '', second = ''] = await said('Tasks');
  assert.match(first, /^calls 0 running 2026-04-22 00:00 UTC \d+ d ago llm\.api-calls 1,200$/);
  assert.equal(second, 'calls 1 running, idle none yet llm.api-calls 1,200');
  assert.ok(!(await textOf(page)).includes('set console.services'));
  assert.deepEqual(wrong, []);
  await close();
});

for (const [name, path, heading] of [
  ['rules-published', '/#/rules', 'Exceptions in force'],
  ['pipeline-services', '/#/pipeline', 'Tasks'],
] as const)
  test(`${name}: no accessibility violations in light and dark, and it fits a screen 360 pixels wide`, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, close } = await openPage(browser, `${address}${path}`, { colorScheme });
      await page.getByRole('heading', { name: heading }).waitFor();
      assert.deepEqual(await violations(page), [], colorScheme);
      await page.setViewportSize({ width: 360, height: 640 });
      assert.equal(await overflow(page), 0);
      await photograph(page, `${name}-360-${colorScheme}`);
      await close();
    }
  });

test('the pipeline shows what each target was told and each table was given, over all processes', async (t) => {
  const entries: string[] = [];
  for (const [name, delivered, rows] of [
    ['notify', 3, 0],
    ['sink', 0, 1_200],
    ['sink', 0, 34],
  ] as const) {
    const metrics = createMetrics(name);
    const messages = metrics.counter('notify_messages_total', 'told', ['target', 'outcome']);
    const stored = metrics.counter('sink_rows_total', 'stored', ['table']);
    if (delivered > 0) messages.inc({ target: 'oncall', outcome: 'delivered' }, delivered);
    if (delivered > 0) messages.inc({ target: 'oncall', outcome: 'undelivered' });
    if (rows > 0) stored.inc({ table: 'account_windows' }, rows);
    const server = { host: '127.0.0.1', port: 0, ready: {}, metrics: metrics.text, status: () => ({}) };
    const health = await startHealthServer(server);
    t.after(() => health.close());
    entries.push(`${name}=${health.url}`);
  }
  entries.push(`notify=${service.url}`);
  const other = seeded.tables.console({ services: entries, testKey: 'a-key-that-is-shared' });
  const { url } = await other.listen();
  t.after(() => other.close());
  const { page, wrong, close } = await openPage(browser, `${url}/#/pipeline`);
  await page.getByText('Deliveries since notify started').waitFor();
  const pipeline = await textOf(page);
  for (const expected of ['oncall 3 0 0 0 1', 'siem 0 0 0 0 0 Send a test', 'account windows 1,234 0 0'])
    assert.ok(pipeline.includes(expected), `${expected} in ${pipeline}`);
  // That of the process that is there now: nobody would send what `oncall` is to be told.
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByLabel('Your name').fill('ada');
  await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('siem, its end: not taken HTTP 503').waitFor();
  assert.match(
    await wordsOf(page.getByRole('region', { name: 'Deliveries', exact: true })),
    /siem, the TEST alert: taken HTTP 202 <b>opened<\/b>x+ siem, its end/,
  );
  const [audited] = await seeded.tables.clickHouse.query<{ author: string; target: string }>(
    `SELECT author, target FROM ${seeded.tables.database}.audit_log WHERE action = 'test target'`,
  );
  assert.deepEqual(audited, { author: 'ada', target: 'siem' });
  await page.setViewportSize({ width: 360, height: 640 });
  assert.equal(await overflow(page), 0);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(wrong, []);
  await close();
});
