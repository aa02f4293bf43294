import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

/** Git-ignored: what the pages looked like. */
const ARTEFACTS = join(import.meta.dirname, '../artefacts');
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export async function startBrowser(): Promise<Browser> {
  const advice = `there is no Chromium at ${CHROMIUM}: apt-get install chromium, or name one in CHROMIUM`;
  assert.ok(existsSync(CHROMIUM), advice);
  await mkdir(ARTEFACTS, { recursive: true });
  return await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

export interface Watched {
  page: Page;
  /** Errors on the page's console, scripts that threw, and requests to anywhere but the console. */
  wrong: string[];
  close(): Promise<void>;
}

/** A page in a context of its own: no cookies, no preferences of another test. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const { origin } = new URL(url);
  const wrong: string[] = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => new URL(request.url()).origin !== origin && wrong.push(request.url()));
  await page.goto(url);
  return { page, wrong, close: () => context.close() };
}

/** What a reader sees of it, in one line. */
export async function wordsOf(found: Locator): Promise<string> {
  return (await found.allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ').trim();
}

export const textOf = (page: Page): Promise<string> => wordsOf(page.locator('main'));

export function photograph(page: Page, name: string): Promise<unknown> {
  return page.screenshot({ path: join(ARTEFACTS, `${name}.png`), fullPage: true });
}

/** Ids of the accessibility rules that the page breaks. Its policy forbids added scripts, as it should: the check is run from outside of it. */
export async function violations(page: Page): Promise<unknown> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  return await page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary].join(' ')))",
  );
}

/** By how many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
