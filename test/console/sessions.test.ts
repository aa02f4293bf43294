import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserName } from '../../services/console/access/browser-name.ts';
import { SESSION_RECENT } from '../../services/console/access/sessions.ts';
import type { SignOn } from '../../services/console/access/sign-on.ts';
import { type Identity, makeToken } from '../../services/console/access/tokens.ts';
import type { SessionList } from '../../services/console/schemas/access.ts';
import { alertRow, answers, consoleOver, fakeClickHouse, START } from './canned.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const people = { kim: makeToken('kim', 'viewer'), lee: makeToken('lee', 'responder'), ada: makeToken('ada', 'admin') };
type Name = keyof typeof people;

/** A console on which people log in; `signedOn` is who comes back from single sign-on. */
function site(signedOn: Awaited<ReturnType<SignOn['finish']>> = null) {
  const clock = { now: START };
  const clickhouse = fakeClickHouse(answers({ list: () => [alertRow()] }));
  const pending = { state: 's', nonce: 'n', verifier: 'v' };
  const signOn: SignOn = {
    isOverTls: false,
    begin: async () => ({ address: 'https://login.example/authorize', pending }),
    finish: async () => signedOn,
  };
  const tokens = Object.values(people).map(({ entry }) => entry);
  const { app } = consoleOver(clickhouse, [], { tokens, signOn, now: () => clock.now });
  type Headers = Record<string, string>;
  const cookieOf = (cookies: { name: string; value: string }[]): Headers => ({
    cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
  });
  const list = async (headers: Headers): Promise<SessionList> =>
    (await app.inject({ url: '/api/sessions', headers })).json();
  return {
    clock,
    clickhouse,
    list,
    async logIn(name: Name, remoteAddress = '192.0.2.1'): Promise<Headers> {
      const payload = { token: people[name].token };
      const headers = { 'user-agent': FIREFOX };
      const { cookies } = await app.inject({ method: 'POST', url: '/api/session', payload, headers, remoteAddress });
      return cookieOf(cookies);
    },
    async signOn(): Promise<Headers> {
      const begun = await app.inject('/api/sign-on?again=true');
      const headers = cookieOf(begun.cookies.filter(({ value }) => value !== ''));
      const back = await app.inject({ url: '/api/signed-on?code=c&state=s', headers });
      return cookieOf(back.cookies.filter(({ value }) => value !== ''));
    },
    status: async (headers: Headers, remoteAddress?: string): Promise<number> =>
      (await app.inject({ url: '/api/alerts', headers, ...(remoteAddress === undefined ? {} : { remoteAddress }) }))
        .statusCode,
    end: async (path: string, headers: Headers) => await app.inject({ method: 'DELETE', url: path, headers }),
    /** Of the other sessions of whoever asks, or else of the person: the first one's id. */
    async idOf(headers: Headers, name?: Name): Promise<string> {
      const { sessions } = await list(headers);
      const found = sessions.find((row) => !row.is_this && (name === undefined ? row.is_own : row.name === name));
      return found?.session_id ?? 'none';
    },
  };
}
const bearer = (name: Name) => ({ authorization: `Bearer ${people[name].token}` });

test('people see their own sessions: since when, last used, from where, with which browser; an admin sees all', async () => {
  const { clock, logIn, list, status } = site();
  const first = await logIn('kim');
  clock.now += 60_000;
  const second = await logIn('kim', '192.0.2.2');
  await logIn('lee');
  clock.now += 60_000;
  assert.equal(await status(first, '198.51.100.7'), 200);
  clock.now += 1_000;
  const { sessions, may_end } = await list(second);
  assert.equal(may_end, true);
  const shared = { is_own: true, name: 'kim', role: 'viewer', by: 'token', browser: 'Firefox' };
  const seen = sessions.map(({ session_id, ...row }) => row);
  assert.deepEqual(seen, [
    { ...shared, is_this: true, began_at_ms: START + 60_000, used_at_ms: START + 121_000, address: '127.0.0.1' },
    { ...shared, is_this: false, began_at_ms: START, used_at_ms: START + 120_000, address: '198.51.100.7' },
  ]);
  for (const cookie of [first, second])
    for (const { session_id } of sessions) assert.ok(!String(cookie['cookie']).includes(session_id));
  const all = await list(bearer('ada'));
  assert.deepEqual(
    all.sessions.map(({ name, is_own, is_this }) => [name, is_own, is_this]),
    [
      ['kim', false, false],
      ['kim', false, false],
      ['lee', false, false],
    ],
  );
});

test('somebody ends one of their sessions, or all but the one at hand, and it is in the audit log before', async () => {
  const { clickhouse, logIn, status, end, idOf } = site();
  const [here, there, elsewhere] = [await logIn('kim'), await logIn('kim'), await logIn('kim')];
  const other = await logIn('lee');
  const one = await end(`/api/sessions/${await idOf(here)}`, here);
  assert.deepEqual([one.statusCode, one.json()], [200, { ended: 1 }]);
  assert.deepEqual((await end('/api/sessions', here)).json(), { ended: 1 });
  assert.deepEqual((await end('/api/sessions', here)).json(), { ended: 0 });
  assert.deepEqual(
    await Promise.all([here, there, elsewhere, other].map((each) => status(each))),
    [200, 401, 401, 200],
  );
  const audited = clickhouse.inserted.map(({ rows }) => [
    rows[0]?.['author'],
    rows[0]?.['action'],
    rows[0]?.['target'],
  ]);
  const ended = ['kim', 'end sessions', 'kim'];
  assert.deepEqual(audited.slice(4), [ended, ended]);
});

test("nobody but an admin ends another's session, or learns that it is there; an admin ends all of a person", async () => {
  const { logIn, status, end, idOf } = site();
  const [kim, again, lee, ada] = [await logIn('kim'), await logIn('kim'), await logIn('lee'), await logIn('ada')];
  const theirs = await idOf(ada, 'kim');
  for (const headers of [lee, bearer('lee')]) {
    const refused = await end(`/api/sessions/${theirs}`, headers);
    assert.deepEqual([refused.statusCode, refused.json().error], [404, 'not_found']);
    assert.equal((await end('/api/people/kim/sessions', headers)).statusCode, 403);
  }
  assert.deepEqual([await status(kim), await status(again)], [200, 200]);
  assert.deepEqual((await end(`/api/sessions/${theirs}`, ada)).json(), { ended: 1 });
  assert.equal([await status(kim), await status(again)].filter((code) => code === 401).length, 1);
  await logIn('kim');
  assert.deepEqual((await end('/api/people/kim/sessions', bearer('ada'))).json(), { ended: 2 });
  assert.deepEqual((await end('/api/people/kim/sessions', bearer('ada'))).json(), { ended: 0 });
  assert.deepEqual(
    [await status(kim), await status(again), await status(lee), await status(ada)],
    [401, 401, 200, 200],
  );
});

test('whoever has a session only cannot shut out whom it belongs to: that takes who has lately said who they are', async () => {
  const { clock, logIn, list, status, end, idOf } = site();
  const [here, there] = [await logIn('ada'), await logIn('ada')];
  clock.now += SESSION_RECENT;
  assert.equal((await list(here)).may_end, false);
  const id = await idOf(here);
  for (const path of ['/api/sessions', `/api/sessions/${id}`, '/api/people/ada/sessions']) {
    const refused = await end(path, here);
    assert.deepEqual([refused.statusCode, refused.json().error], [403, 'forbidden'], path);
    assert.match(refused.json().hint, /log in again/);
  }
  assert.equal(await status(there), 200);
  const anew = await logIn('ada');
  assert.deepEqual((await end('/api/sessions', anew)).json(), { ended: 2 });
  assert.equal(await status(there), 401);
});

test('by single sign-on that is when the provider asked them, and whoever it names otherwise is still the same', async () => {
  const identity: Identity = { name: 'kim', role: 'viewer', subject: 'u-1' };
  for (const [authenticated, may_end] of [
    [null, false],
    [START - SESSION_RECENT, false],
    [START - 1_000, true],
  ] as const) {
    const { signOn, logIn, list } = site({ identity, authenticated });
    const here = await signOn();
    await logIn('kim');
    const answer = await list(here);
    assert.equal(answer.may_end, may_end);
    // The token named kim is somebody else, as far as anybody here knows.
    assert.deepEqual(
      answer.sessions.map(({ by }) => by),
      ['single sign-on'],
    );
  }
  const signedOn = { identity, authenticated: START };
  const { signOn, list } = site(signedOn);
  await signOn();
  signedOn.identity = { ...identity, name: 'kim.miller' };
  assert.equal((await list(await signOn())).sessions.length, 2);
});

test('where nobody is asked who they are there are no sessions, and nothing to end', async () => {
  const { app } = consoleOver(fakeClickHouse(answers({})));
  assert.deepEqual((await app.inject('/api/sessions')).json(), { sessions: [], may_end: false });
  for (const [url, code] of [
    ['/api/sessions', 200],
    ['/api/people/kim/sessions', 200],
    ['/api/sessions/none', 404],
  ] as const)
    assert.equal((await app.inject({ method: 'DELETE', url })).statusCode, code, url);
});

test('of a user agent the name of the browser is kept, and nothing that its sender made up', () => {
  const chrome = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  const names = [
    chrome,
    `${chrome} Edg/140.0`,
    `${chrome} OPR/120.0`,
    FIREFOX,
    'Version/18.0 Safari/605.1',
    'curl/8',
    '<b>',
  ];
  assert.deepEqual(names.map(browserName), ['Chrome', 'Edge', 'Opera', 'Firefox', 'Safari', 'another', 'another']);
  assert.equal(browserName(undefined), 'another');
});
