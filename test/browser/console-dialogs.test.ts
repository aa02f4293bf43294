import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { makeToken } from '../../services/console/access/tokens.ts';
import type { Console } from '../../services/console/console.ts';
import { startAnsweringService } from '../console/answering-service.ts';
import { CAMPAIGN, startSeededTables } from '../console/seeded.ts';
import { openPage, overflow, photograph, startBrowser, violations } from './browser.ts';

let browser: Browser;
let tables: Awaited<ReturnType<typeof startSeededTables>>;
let service: Awaited<ReturnType<typeof startAnsweringService>>;
let open: Console;
let guarded: Console;
let address = '';
let guardedAddress = '';

before(async () => {
  tables = await startSeededTables();
  service = await startAnsweringService();
  open = tables.console({
    services: [`notify=${service.url}`],
    testKey: 'a-key-that-is-shared',
    requeue: async () => ({ requeued: 0, already: 0, internal: 0, missing: [] }),
  });
  guarded = tables.console({ tokens: [makeToken('ada', 'admin').entry] });
  address = (await open.listen()).url;
  guardedAddress = (await guarded.listen()).url;
  const silence = { silence_id: 's_1', target_type: 'alert', target_id: CAMPAIGN, author: 'kim', reason: 'known' };
  await tables.clickHouse.insert(
    'silences',
    [
      {
        ...silence,
        starts_at: '2026-04-22 00:00:00',
        ends_at: '2099-12-31 00:00:00',
        written_at: '2026-04-22 00:00:00',
      },
    ],
    'silence',
  );
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await open?.close();
  await guarded?.close();
  await service?.close();
  await tables?.stop();
});

const DIALOG = "document.querySelector('dialog')";
const ALERT = `/#/alerts/${CAMPAIGN}`;
/** Every dialog, the button that opens it, and what is in it when it is there. */
const DIALOGS = [
  ['acknowledge', ALERT, 'Acknowledge', 'Your name'],
  ['assign', ALERT, 'Assign', 'Your name'],
  ['silence', ALERT, 'Silence', 'Your name'],
  ['mark', ALERT, 'Mark', 'Your name'],
  ['allow-list', ALERT, 'Allow-list', 'It would hide'],
  ['acknowledge all', '/#/alerts?status=open', 'Acknowledge all 4 open', 'Your name'],
  ['end silence', '/#/silences', 'End it now', 'Your name'],
  ['requeue', '/#/pipeline', 'Requeue', 'Your name'],
  ['send a test', '/#/pipeline', 'Send a test', 'Your name'],
] as const;

for (const colorScheme of ['light', 'dark'] as const)
  for (const [name, path, button, shown] of DIALOGS)
    test(`${name}: no accessibility violations in ${colorScheme}, fits a screen 360 pixels wide, Escape gives the focus back`, async () => {
      const { page, wrong, close } = await openPage(browser, `${address}${path}`, {
        colorScheme,
        viewport: { width: 360, height: 640 },
      });
      const opener = page.getByRole('button', { name: button, exact: true });
      await opener.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.getByText(shown).waitFor();
      assert.deepEqual(await violations(page), []);
      assert.equal(await overflow(page), 0);
      const box = await dialog.boundingBox();
      assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 360 && box.height <= 640, JSON.stringify(box));
      assert.equal(await page.evaluate(`${DIALOG}.scrollWidth - ${DIALOG}.clientWidth`), 0);
      await photograph(page, `dialog-${name.replaceAll(' ', '-')}-360-${colorScheme}`);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      assert.equal(await page.evaluate('document.activeElement?.textContent'), button);
      assert.deepEqual(wrong, []);
      await close();
    });

test('the log-in fits a screen 360 pixels wide, with what was wrong', async () => {
  const { page, close } = await openPage(browser, `${guardedAddress}/`, { viewport: { width: 360, height: 640 } });
  await page.getByLabel('Access token').fill('sw_wrong');
  await page.keyboard.press('Enter');
  await page.getByText('this token lets nobody in').waitFor();
  assert.equal(await overflow(page), 0);
  assert.deepEqual(await violations(page), []);
  await photograph(page, 'login-360');
  await close();
});
