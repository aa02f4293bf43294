import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { CAMPAIGN, CLUSTER } from '../console/seeded.ts';
import { openPage, overflow, photograph, violations } from './browser.ts';
import { startSeededConsole } from './seeded-console.ts';

let seeded: Awaited<ReturnType<typeof startSeededConsole>>;
let browser: Browser;
let address = '';

before(async () => {
  seeded = await startSeededConsole();
  ({ browser, address } = seeded);
});
after(() => seeded?.stop());

const ALERT = `/#/alerts/${CAMPAIGN}`;
/** Every page, and what is on it when it is there. */
const PAGES = [
  ['alerts', '/', 'cluster c_done_0'],
  ['alert', ALERT, 'alert opened'],
  ['account', '/#/accounts/acct_00001', 'Which cluster it was in'],
  ['cluster', `/#/clusters/${CLUSTER}`, 'Lineage'],
  ['silences', '/#/silences', 'Nobody is silenced.'],
  ['rules', '/#/rules', 'Which rules judged'],
  ['pipeline', '/#/pipeline', 'What is stored'],
  ['sessions', '/#/sessions', 'You have none.'],
  ['audit', '/#/audit', 'Nobody has changed anything yet.'],
] as const;
/** The chart is drawn, not written. */
const WRITTEN = (shown: string): string => (shown === 'alert opened' ? 'Exchanges hour by hour' : shown);

test('the page weighs less than 300 kB as it travels', async () => {
  const { page, close } = await openPage(browser, `${address}${ALERT}`);
  await page.getByText('five-minute bins').first().waitFor();
  const entries = "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))";
  const bytes = Number(await page.evaluate(`${entries}.reduce((sum, { transferSize }) => sum + transferSize, 0)`));
  assert.ok(bytes > 10_000 && bytes < 300_000, `${bytes} bytes`);
  await close();
});

for (const [name, path, shown] of PAGES)
  test(`${name} fits a screen 360 pixels wide`, async () => {
    const { page, wrong, close } = await openPage(browser, `${address}${path}`, {
      viewport: { width: 360, height: 640 },
    });
    await page.getByText(WRITTEN(shown)).first().waitFor();
    assert.equal(await overflow(page), 0);
    await photograph(page, `${name}-360`);
    assert.deepEqual(wrong, []);
    await close();
  });

for (const colorScheme of ['light', 'dark'] as const)
  test(`no page has accessibility violations, ${colorScheme}`, async () => {
    for (const [name, path, shown] of PAGES) {
      const { page, close } = await openPage(browser, `${address}${path}`, {
        colorScheme,
        viewport: { width: 1_280, height: 800 },
      });
      await page.getByText(WRITTEN(shown)).first().waitFor();
      assert.deepEqual(await violations(page), [], path);
      const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      assert.equal(paper, colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(14, 17, 22)');
      await photograph(page, `${name}-${colorScheme}`);
      await close();
    }
  });
