import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { makeToken } from '../../services/console/access/tokens.ts';
import { CAMPAIGN } from '../console/seeded.ts';
import { startPathProxy } from '../support/path-proxy.ts';
import { openPage, violations } from './browser.ts';
import { startSeededConsole } from './seeded-console.ts';

const PATH = '/tools/stillwatch';
const responder = makeToken('rita', 'responder');
let seeded: Awaited<ReturnType<typeof startSeededConsole>>;
let browser: Browser;

before(async () => {
  // The proxies choose their ports later: only the path of the address is looked at.
  seeded = await startSeededConsole(() => ({ tokens: [responder.entry], publicUrl: `https://ops.example${PATH}/` }));
  ({ browser } = seeded);
});
after(() => seeded?.stop());

for (const strips of [false, true])
  test(`behind a proxy that ${strips ? 'leaves its path out' : 'hands its path on'}, a link leads to the alert, and all that one does there stays under the path`, async (t) => {
    const { origin, elsewhere, close: stop } = await startPathProxy(PATH, seeded.address, strips);
    t.after(stop);
    const { page, wrong, close } = await openPage(browser, `${origin}${PATH}/#/alerts/${CAMPAIGN}`);
    await page.getByLabel('Access token').fill(responder.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: /^2,400 accounts/ }).waitFor();
    assert.equal(
      await page
        .locator('.brand img')
        .evaluate((icon) => (icon as unknown as { naturalWidth: number }).naturalWidth > 0),
      true,
    );
    assert.deepEqual(await violations(page), []);

    const cookies = await page.context().cookies(`${origin}${PATH}/api/alerts`);
    assert.deepEqual(
      cookies.map(({ name, path, httpOnly }) => [name, path, httpOnly]),
      [['stillwatch_session', `${PATH}/api`, true]],
    );

    await page.getByRole('button', { name: 'Assign' }).click();
    await page.getByLabel('Who looks after it').fill(`night shift ${strips}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click();
    await page.getByText(`assigned to night shift ${strips}`).first().waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export the case' }).click();
    assert.equal((await saved).url(), `${origin}${PATH}/api/alerts/${CAMPAIGN}/case`);

    for (const [link, shown] of [
      ['Pipeline', 'What is stored'],
      ['Rules', 'Which rules judged'],
      ['Silences', 'Nobody is silenced.'],
    ] as const) {
      await page.getByRole('link', { name: link }).click();
      await page.getByText(shown).first().waitFor();
      assert.match(page.url(), new RegExp(`^${origin}${PATH}/#/`));
    }
    await page.reload();
    await page.getByText('Nobody is silenced.').waitFor();
    assert.deepEqual(elsewhere, []);

    // What else is on the host does not get the session.
    await page.goto(`${origin}/another`);
    assert.deepEqual(
      elsewhere.filter(({ path }) => path === '/another'),
      [{ path: '/another', cookie: null }],
    );
    await page.goto(`${origin}${PATH}/`);
    await page.getByRole('button', { name: 'Log out rita' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    assert.deepEqual(await page.context().cookies(`${origin}${PATH}/api/alerts`), []);
    assert.deepEqual(wrong, []);
    await close();
  });

test('the path without the slash at its end leads to the page', async (t) => {
  const { origin, close: stop } = await startPathProxy(PATH, seeded.address, false);
  t.after(stop);
  const { page, wrong, close } = await openPage(browser, `${origin}${PATH}#/rules`);
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  assert.equal(page.url(), `${origin}${PATH}/#/rules`);
  assert.deepEqual(wrong, []);
  await close();
});
