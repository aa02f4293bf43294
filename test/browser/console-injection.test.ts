import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { alertRow, answers, consoleOver, fakeClickHouse, type Row } from '../console/canned.ts';
import { PAYLOADS } from '../support/payloads.ts';
import { openPage, startBrowser } from './browser.ts';

/**
 * Every payload on the pages that show the most of an attacker's texts: a list, and an alert. What they may not become is seen by comparison with the same page about
 * harmless texts: the same elements, the same attributes, links to the same places.
 */
const TEXTS = PAYLOADS.map(({ text }) => text);
const A_PAGE = 48;
const HARMLESS = 'harmless';
let browser: Browser;
let site: ReturnType<typeof consoleOver>;
let address = '';

const listed = (text: string): Row =>
  alertRow({
    alert_id: `a_${text}`,
    subject_type: 'account',
    subject_id: text,
    summary: text,
    is_acknowledged: true,
    acknowledged_by: text,
    assignee: text,
  });

const withAll = (alertId: string, texts: readonly string[]): Row =>
  alertRow({
    alert_id: alertId,
    summary: texts.join(' '),
    sample_accounts: texts,
    sample_event_ids: texts,
    linking_evidence: JSON.stringify(
      texts.slice(0, 20).map((attribute) => ({ kind: 'client', attribute, accounts: 2, weight: 0.1 })),
    ),
    query: texts.join('\n'),
    cohort: texts.join('/'),
    baseline_note: texts.join(' '),
    assignee: texts.join(' '),
  });

before(async () => {
  const harmless = TEXTS.map((_, place) => `${HARMLESS} ${place}`);
  site = consoleOver(
    fakeClickHouse(
      answers({
        // Which part is asked for is what is searched for.
        list: ({ text }) => {
          const part = Number(String(text).replace(HARMLESS, ''));
          const of = String(text).startsWith(HARMLESS) ? harmless : TEXTS;
          return of.slice(part * A_PAGE, (part + 1) * A_PAGE).map(listed);
        },
        alert: ({ id }) => [withAll(String(id), String(id) === HARMLESS ? harmless : TEXTS)],
      }),
    ),
  );
  ({ url: address } = await site.listen());
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Elements with the names of their attributes, and where links lead to but for ids; each once. */
async function madeOf(page: Page): Promise<unknown> {
  return await page.evaluate(`(() => {
    const found = new Set();
    for (const element of document.querySelectorAll('*')) {
      found.add(element.localName + ' ' + element.getAttributeNames().sort().join());
      const link = element.getAttribute('href') ?? element.getAttribute('src');
      if (link !== null) found.add('to ' + link.replace(/^(#\\/\\w+|api\\/alerts)\\/.*?(\\/case)?$/s, '$1$2'));
    }
    return [...found].sort();
  })()`);
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

test('a list of accounts with such names is made of what any list is made of, and shows them', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}/#/alerts?status=open&text=${HARMLESS}0`);
  await page
    .getByText(`${HARMLESS} ${A_PAGE - 1}`)
    .first()
    .waitFor();
  const harmless = await madeOf(page);
  let shown = 0;
  for (let part = 0; part * A_PAGE < TEXTS.length; part++) {
    const texts = TEXTS.slice(part * A_PAGE, (part + 1) * A_PAGE);
    await page.goto(`${address}/#/alerts?status=open&text=${part}`);
    // Only the address behind # has changed.
    await page.reload();
    await page
      .locator('td.who')
      .nth(texts.length - 1)
      .waitFor();
    assert.deepEqual(await madeOf(page), harmless, `part ${part}`);
    const read = oneLine(String(await page.evaluate("document.querySelector('main').textContent")));
    for (const text of texts) assert.ok(read.includes(oneLine(text)), JSON.stringify(text));
    shown += texts.length;
    assert.equal(await page.evaluate('globalThis.owned'), undefined);
  }
  assert.ok(shown >= 500);
  assert.deepEqual(wrong, []);
  await close();
});

test('so is an alert that has all of them in each of its texts', async () => {
  const { page, wrong, close } = await openPage(browser, `${address}/#/alerts/${HARMLESS}`);
  await page
    .getByText(`${HARMLESS} ${TEXTS.length - 1}`)
    .first()
    .waitFor();
  const harmless = await madeOf(page);
  await page.goto(`${address}/#/alerts/hostile`);
  await page.getByText('globalThis.owned').first().waitFor();
  assert.deepEqual(await madeOf(page), harmless);
  const read = oneLine(String(await page.evaluate("document.querySelector('main').textContent")));
  for (const text of TEXTS) assert.ok(read.split(oneLine(text)).length > 3, JSON.stringify(text));
  assert.equal(await page.evaluate('globalThis.owned'), undefined);
  assert.deepEqual(wrong, []);
  await close();
});
