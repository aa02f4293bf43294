import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityOf, parseRole, type SignOn } from '../../services/console/access/sign-on.ts';
import { makeToken } from '../../services/console/access/tokens.ts';
import { alertRow, answers, consoleOver, fakeClickHouse } from './canned.ts';

const roles = ['everybody=viewer', 'oncall=responder', 'a=b=admin'].map(parseRole);
const identity = (claims: Record<string, unknown>) => identityOf({ sub: 'u-1', ...claims }, 'groups', roles);

test('the highest of the roles counts, whether the claim is one value or several', () => {
  assert.equal(identity({ groups: ['oncall', 'everybody'] })?.role, 'responder');
  assert.equal(identity({ groups: 'everybody' })?.role, 'viewer');
  assert.equal(identity({ groups: ['a=b'] })?.role, 'admin', 'the last = parts value and role');
});

test('who has no role is nobody, whatever the claim is', () => {
  for (const groups of [undefined, null, [], ['marketing'], 7, { oncall: true }, [['oncall']], 'oncall everybody'])
    assert.equal(identity({ groups }), null, JSON.stringify(groups));
});

test('somebody is named by their address, unless nobody has verified it', () => {
  const groups = 'oncall';
  assert.equal(identity({ groups, email: 'kim@example.org' })?.name, 'kim@example.org');
  const unverified = { groups, email: 'kim@example.org', email_verified: false };
  assert.equal(identity({ ...unverified, preferred_username: 'eve' })?.name, 'eve');
  assert.equal(identity(unverified)?.name, 'u-1');
});

test('a name has no control characters, and is not endless', () => {
  assert.equal(identity({ groups: 'oncall', email: `k\u202eim\n${'x'.repeat(200)}` })?.name, `kim${'x'.repeat(97)}`);
});

/** A provider that lets everybody in. */
const agreeing = (isOverTls = false): SignOn => ({
  isOverTls,
  begin: async () => ({
    address: 'https://login.example/authorize',
    pending: { state: 's', nonce: 'n', verifier: 'v' },
  }),
  finish: async () => ({ identity: { name: 'kim', role: 'responder', subject: 'u-1' }, authenticated: null }),
});

test('a page from elsewhere cannot send anybody to the provider, from where they would come back logged in', async () => {
  const { app } = consoleOver(fakeClickHouse(answers({})), [], { signOn: agreeing() });
  const begin = async (site: string) => {
    const { statusCode, headers, cookies } = await app.inject({
      url: '/api/sign-on',
      headers: { 'sec-fetch-site': site },
    });
    return [statusCode, headers.location, cookies.length > 0];
  };
  for (const site of ['cross-site', 'same-site']) assert.deepEqual(await begin(site), [302, '../', false], site);
  for (const site of ['same-origin', 'none'])
    assert.deepEqual(await begin(site), [302, 'https://login.example/authorize', true], site);
});

test("the audit log has the provider's own id of who logs in and who changes something, since names change hands", async () => {
  const clickhouse = fakeClickHouse(answers({ alert: () => [alertRow()] }));
  const { app } = consoleOver(clickhouse, [], { signOn: agreeing() });
  const held = async (url: string, cookies: Record<string, string>) =>
    Object.fromEntries((await app.inject({ url, cookies })).cookies.map(({ name, value }) => [name, value]));
  const cookies = await held('/api/signed-on?code=c&state=s', await held('/api/sign-on', {}));
  const payload = { mark: 'true', note: 'read it' };
  const marked = await app.inject({ method: 'POST', url: '/api/alerts/a_c_1/marks', cookies, payload });
  assert.equal(marked.statusCode, 201);
  const entries = clickhouse.inserted.filter(({ table }) => table === 'audit_log').map(({ rows }) => rows[0]);
  assert.deepEqual(
    entries.map((entry) => [entry?.['action'], JSON.parse(String(entry?.['detail'])).subject]),
    [
      ['log in', 'u-1'],
      ['mark alert', 'u-1'],
    ],
  );
  const { who } = (await app.inject({ url: '/api/session', cookies })).json();
  assert.deepEqual(who, { name: 'kim', role: 'responder' });
});

test('whoever begins to sign on again is logged out meanwhile', async () => {
  const token = makeToken('kim', 'viewer');
  const { app } = consoleOver(fakeClickHouse(answers({})), [], { signOn: agreeing(), tokens: [token.entry] });
  const { cookies } = await app.inject({ method: 'POST', url: '/api/session', payload: { token: token.token } });
  const held = Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
  const status = async () => (await app.inject({ url: '/api/alerts', cookies: held })).statusCode;
  assert.equal(await status(), 200);
  await app.inject({ url: '/api/sign-on', cookies: held });
  assert.equal(await status(), 401);
});

test('where people come over TLS both cookies go over nothing else, though a proxy asks us in the clear', async () => {
  const cookiesWhere = async (isOverTls: boolean) => {
    const { app } = consoleOver(fakeClickHouse(answers({})), [], { signOn: agreeing(isOverTls) });
    const begun = await app.inject('/api/sign-on');
    const pending = begun.cookies.find(({ value }) => value !== '');
    const back = await app.inject({
      url: '/api/signed-on?code=c&state=s',
      cookies: { [pending?.name ?? '']: pending?.value ?? '' },
    });
    const session = back.cookies.find(({ value }) => value !== '');
    return [pending, session].map((cookie) => [cookie?.name, cookie?.secure ?? false]);
  };
  assert.deepEqual(await cookiesWhere(true), [
    ['__Secure-stillwatch_sign_on', true],
    ['__Secure-stillwatch_session', true],
  ]);
  assert.deepEqual(await cookiesWhere(false), [
    ['stillwatch_sign_on', false],
    ['stillwatch_session', false],
  ]);
});
