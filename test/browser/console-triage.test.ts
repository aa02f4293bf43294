import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Console } from '../../services/console/console.ts';
import { alertRow } from '../../services/sink/rows/alert.ts';
import { END, startSeededTables } from '../console/seeded.ts';
import { alertEvent } from '../support/records.ts';
import { rowByName } from '../support/row-by-name.ts';
import { openPage, startBrowser } from './browser.ts';

const ALERTS = 10;
const TEXT = 'one of ten';

let browser: Browser;
let tables: Awaited<ReturnType<typeof startSeededTables>>;
let server: Console;
let address = '';

before(async () => {
  tables = await startSeededTables();
  const event = alertEvent();
  const rows = Array.from({ length: ALERTS }, (_, number) =>
    rowByName(alertRow, {
      ...event,
      alert: {
        ...event.alert,
        alert_id: `a_ten_${number}`,
        subject_id: `c_ten_${number}`,
        updated_at: END - number,
        summary: TEXT,
      },
    }),
  );
  await tables.clickHouse.insert('alerts', rows, 'ten');
  server = tables.console();
  address = (await server.listen()).url;
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
  await tables?.stop();
});

/** Presses Tab until what is named has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 25; presses++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate('document.activeElement?.textContent?.trim()')) === name) return;
  }
  assert.fail(`25 times Tab did not reach ${name}`);
}

test('ten alerts are opened, read, acknowledged and marked without a mouse', async () => {
  const list = `/#/alerts?status=open&handling=waiting&text=${encodeURIComponent(TEXT)}`;
  const { page, wrong, close } = await openPage(browser, `${address}${list}`);
  for (let number = 0; number < ALERTS; number++) {
    const left = ALERTS - number;
    await page.getByText(`${left} open, 0 resolved`).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^9 accounts that look like one actor/ }).waitFor();
    await tabTo(page, 'Acknowledge');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Acknowledge 1 alert' }).waitFor();
    // The name is asked once, and remembered.
    if (number === 0) {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.type('kim');
    }
    await page.keyboard.press('Enter');
    await page.getByText('1 alert acknowledged.').waitFor();
    await tabTo(page, 'Mark');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'What was it?' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.type(`evaluation ${number}`);
    await page.keyboard.press('Enter');
    await page.getByText('Marked false.').waitFor();
    await page.goBack();
  }
  await page.getByText('No alert that fits the filter is open.').waitFor();
  const [counted] = await tables.clickHouse.query<Record<string, unknown>>(
    `SELECT uniqIf(alert_id, action = 'acknowledged' AND author = 'kim') AS acknowledged,
       (SELECT uniq(alert_id, note) FROM ${tables.database}.alert_marks WHERE mark = 'false' AND note LIKE 'evaluation %') AS marked
     FROM ${tables.database}.alert_handling WHERE alert_id LIKE 'a_ten_%'`,
  );
  assert.deepEqual([Number(counted?.['acknowledged']), Number(counted?.['marked'])], [ALERTS, ALERTS]);
  assert.deepEqual(wrong, []);
  await close();
});
