import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { freePorts } from '../../infra/kafka/ports.ts';
import { createSignOn } from '../../services/console/access/sign-on.ts';
import { makeToken } from '../../services/console/access/tokens.ts';
import type { Console } from '../../services/console/console.ts';
import { signOnAddress } from '../../services/console/routes/sign-on.ts';
import { CAMPAIGN, startSeededTables } from '../console/seeded.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { openPage, photograph, startBrowser, violations, type Watched, wordsOf } from './browser.ts';

let browser: Browser;
let tables: Awaited<ReturnType<typeof startSeededTables>>;
let provider: IdentityProvider;
let console_: Console;
let address = '';

before(async () => {
  tables = await startSeededTables();
  const [port = 0] = await freePorts(1);
  const publicUrl = `http://127.0.0.1:${port}`;
  provider = await startIdentityProvider(() => signOnAddress(publicUrl));
  console_ = tables.console({
    port,
    publicUrl,
    tokens: [makeToken('ada', 'admin').entry],
    signOn: createSignOn({
      issuer: provider.issuer,
      clientId: provider.clientId,
      clientSecret: provider.clientSecret,
      scope: 'openid profile email',
      claim: 'groups',
      roles: ['everybody=viewer', 'oncall=responder', 'trust and safety=admin'],
      redirectAddress: signOnAddress(publicUrl),
    }),
  });
  address = (await console_.listen()).url;
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await console_?.close();
  await provider?.close();
  await tables?.stop();
});

/** A browser that has never been here, at the log-in. */
async function stranger(hash = ''): Promise<Watched> {
  const watched = await openPage(browser, `${address}/${hash}`);
  await watched.page.getByRole('link', { name: 'Log in with single sign-on' }).waitFor();
  return watched;
}

async function signOn(page: Page, email: string, groups: string[]): Promise<void> {
  provider.next = { email, groups };
  await page.getByRole('link', { name: 'Log in with single sign-on' }).click();
}

test('who follows a link to an alert sees it after single sign-on, with the highest of their roles', async () => {
  const { page, close } = await stranger(`#/alerts/${CAMPAIGN}`);
  assert.deepEqual(await violations(page), []);
  await photograph(page, 'single-sign-on');
  await signOn(page, 'kim@example.org', ['everybody', 'oncall']);
  await page.getByRole('button', { name: 'Log out kim@example.org' }).waitFor();
  await page.getByText('2,400 accounts that look like one actor').waitFor();
  assert.ok(page.url().endsWith(`/#/alerts/${CAMPAIGN}`), page.url());
  await page.getByRole('button', { name: 'Acknowledge' }).first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'Audit' }).count(), 0);
  const [entry] = await tables.clickHouse.query<{ author: string; role: string; detail: string }>(
    `SELECT author, role, detail FROM ${tables.database}.audit_log WHERE action = 'log in' AND author = 'kim@example.org'`,
  );
  assert.equal(entry?.role, 'responder');
  assert.match(entry?.detail ?? '', /single sign-on/);
  await close();
});

test('an admin by their group reads the audit log', async () => {
  const { page, close } = await stranger();
  await signOn(page, 'ada@example.org', ['trust and safety']);
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('cell', { name: 'ada@example.org' }).first().waitFor();
  await close();
});

test('one sees where else one is logged in, and ends it once the provider has asked again who one is', async () => {
  const elsewhere = await stranger();
  await signOn(elsewhere.page, 'ada@example.org', ['trust and safety']);
  await elsewhere.page.getByRole('link', { name: 'Audit' }).waitFor();
  const { page, close } = await stranger();
  await signOn(page, 'vera@example.org', ['everybody']);
  await page.getByRole('link', { name: 'Sessions' }).click();
  const yours = page.getByRole('region', { name: 'Yours', exact: true });
  await yours.getByText('this one').waitFor();
  assert.match(await wordsOf(yours), /vera@example\.org this one viewer Chrome single sign-on .* 127\.0\.0\.1$/);
  assert.deepEqual(await violations(page), []);
  provider.next = { email: 'ada@example.org', groups: ['trust and safety'] };
  // The provider says when it asked, since the console wants to know: it comes back to the page of sessions.
  await page.getByRole('link', { name: 'Log in again' }).click();
  await page.getByRole('button', { name: 'Log out ada@example.org' }).waitFor();
  const theirs = page.getByRole('row', { name: 'ada@example.org' });
  await theirs.getByRole('button', { name: 'End it now' }).first().waitFor();
  assert.deepEqual(await violations(page), []);
  await photograph(page, 'sessions');
  await theirs.getByRole('button', { name: 'End it now' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await elsewhere.page.getByRole('link', { name: 'Audit' }).click();
  await elsewhere.page.getByRole('heading', { name: 'Log in' }).waitFor();
  await elsewhere.close();
  await close();
});

test('who is in none of the groups is told so, and is not let in', async () => {
  const { page, close } = await stranger();
  await signOn(page, 'eve@example.org', ['marketing']);
  await page.getByRole('alert').getByText('You are known, but have no role here').waitFor();
  assert.equal((await page.request.get(`${address}/api/alerts`)).status(), 401);
  await close();
});

test('an answer that was not asked for from this browser logs nobody in', async () => {
  const { page, close } = await stranger();
  await page.goto(`${address}/api/signed-on?code=stolen&state=made-up`);
  await page.getByRole('alert').getByText('Single sign-on did not come about').waitFor();
  provider.next = { email: 'kim@example.org', groups: ['oncall'] };
  // Begun here, but brought back with the state of another.
  const begun = await page.request.get(`${address}/api/sign-on`, { maxRedirects: 0 });
  assert.equal(begun.status(), 302);
  await page.goto(`${address}/api/signed-on?code=stolen&state=made-up`);
  await page.getByRole('alert').getByText('Single sign-on did not come about').waitFor();
  assert.equal((await page.request.get(`${address}/api/alerts`)).status(), 401);
  await close();
});

test('while the provider is away the page says so, and tokens let people in', async () => {
  const [nobody = 0] = await freePorts(1);
  const gone = tables.console({
    tokens: [makeToken('ada', 'admin').entry],
    signOn: createSignOn({
      issuer: `http://127.0.0.1:${nobody}`,
      clientId: 'stillwatch',
      clientSecret: 'none',
      scope: 'openid',
      claim: 'groups',
      roles: ['oncall=responder'],
      redirectAddress: signOnAddress('http://127.0.0.1'),
    }),
  });
  const { url } = await gone.listen();
  const { page, close } = await openPage(browser, url);
  await page.getByRole('link', { name: 'Log in with single sign-on' }).click();
  await page.getByRole('alert').getByText('Single sign-on does not answer').waitFor();
  await page.getByLabel('Access token').waitFor();
  await close();
  await gone.close();
});
