import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
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
