import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { CLUSTER } from '../console/seeded.ts';
import { openPage } from './browser.ts';
import { startSeededConsole } from './seeded-console.ts';

/** The pictures of infra/walk-through/README.md: `WALK_THROUGH=infra/walk-through` writes them anew, else they are artefacts. */
const PICTURES = process.env['WALK_THROUGH'] ?? join(import.meta.dirname, '../artefacts');

let seeded: Awaited<ReturnType<typeof startSeededConsole>>;
before(async () => {
  seeded = await startSeededConsole();
});
after(() => seeded?.stop());

/** What one sees without scrolling. */
async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

async function isInSight(page: Page, found: Locator): Promise<boolean> {
  const box = await found.first().boundingBox();
  const size = page.viewportSize();
  return box !== null && size !== null && box.y >= 0 && box.y + box.height <= size.height;
}

test('who, how many exchanges, how sure and what next are answered two keys after the console is opened, without scrolling', async () => {
  const { page, wrong, close } = await openPage(seeded.browser, `${seeded.address}/`, {
    viewport: { width: 1_280, height: 800 },
  });
  await page.getByRole('link', { name: `cluster ${CLUSTER}`, exact: true }).waitFor();
  await page.getByRole('link', { name: 'cluster c_done_0', exact: true }).waitFor();
  await page.getByText('Asking …').waitFor({ state: 'detached' });
  await page.locator('td svg').first().waitFor();
  await picture(page, '1-alerts');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page
    .getByRole('heading', { name: /^2,400 accounts that look like one actor made 184,220 exchanges/ })
    .waitFor();
  const answers = {
    who: page.getByRole('heading', { name: /2,400 accounts/ }),
    exchanges: page.getByText('184,220', { exact: true }),
    sure: page.getByText(/^97 % sure that it is a campaign/),
    next: page.getByText(/Acknowledge it\. Read three sample calls/),
    runbook: page.getByRole('link', { name: 'runbook' }),
  };
  for (const [question, answer] of Object.entries(answers)) assert.ok(await isInSight(page, answer), question);
  await picture(page, '2-alert');

  const joins = page.getByRole('heading', { name: 'What joins the accounts' });
  await joins.scrollIntoViewIfNeeded();
  await page.evaluate('document.querySelector(\'[aria-label="What joins the accounts"]\')?.scrollIntoView()');
  await picture(page, '3-joins');
  await page.getByRole('link', { name: 'acct_00001' }).click();
  await page.getByText('Which cluster it was in').waitFor();
  await picture(page, '4-account');
  assert.deepEqual(wrong, []);
  await close();
});
