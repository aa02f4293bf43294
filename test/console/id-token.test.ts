import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { createSignOn, type PendingSignOn, type SignOn } from '../../services/console/access/sign-on.ts';

/** A provider that says whatever a test wants: what a real one never sends (test/browser/sign-on.test.ts has one) must let nobody in. */
const keys = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const others = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const CLIENT = 'stillwatch';
const pending: PendingSignOn = { state: 'a-state', nonce: 'a-nonce', verifier: 'a-verifier'.repeat(5) };

let issuer = '';
let idToken = '';
/** What the last request for tokens brought. */
let asked = new URLSearchParams();
/** Who the metadata says that it is, where that is not the truth. */
let claimedIssuer: string | null = null;
let algorithms = ['RS256'];

const server = createServer(async (request, response) => {
  const body = (await request.setEncoding('utf8').toArray()).join('');
  if (request.url === '/token') asked = new URLSearchParams(body);
  const answer = {
    '/.well-known/openid-configuration': {
      issuer: claimedIssuer ?? issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      id_token_signing_alg_values_supported: algorithms,
    },
    '/keys': { keys: [{ ...keys.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'k' }] },
    '/token': { access_token: 'opaque', token_type: 'bearer', id_token: idToken },
  }[request.url ?? ''];
  response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
});
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = (): number => Math.floor(Date.now() / 1_000);
const claims = (over: object = {}) => ({
  iss: issuer,
  sub: 'u-1',
  aud: CLIENT,
  nonce: pending.nonce,
  iat: seconds(),
  exp: seconds() + 300,
  groups: ['oncall'],
  email: 'kim@example.org',
  ...over,
});
function token(said: object, key: KeyObject = keys.privateKey, header: object = { alg: 'RS256', kid: 'k' }): string {
  const text = `${part(header)}.${part(said)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}
const signOn = (): SignOn =>
  createSignOn({
    issuer,
    clientId: CLIENT,
    clientSecret: 'secret',
    scope: 'openid',
    claim: 'groups',
    roles: ['oncall=responder'],
    redirectAddress: 'https://console.example/api/signed-on',
  });
const finish = (said: string, query = `code=c&state=${pending.state}`) => {
  idToken = said;
  return signOn().finish(query, pending);
};

test('who the provider has signed for, to us and now, is let in; what was begun is proved to it', async () => {
  const identity = { name: 'kim@example.org', role: 'responder', subject: 'u-1' };
  assert.deepEqual(await finish(token(claims())), { identity, authenticated: null });
  assert.deepEqual(await finish(token(claims({ auth_time: 1_000 }))), { identity, authenticated: 1_000_000 });
  assert.deepEqual([asked.get('code'), asked.get('code_verifier')], ['c', pending.verifier]);
  const { address, pending: begun } = await signOn().begin(false);
  const query = new URL(address).searchParams;
  const challenge = createHash('sha256').update(begun.verifier).digest('base64url');
  assert.deepEqual(
    ['response_type', 'code_challenge_method', 'code_challenge', 'state', 'nonce'].map((name) => query.get(name)),
    ['code', 'S256', challenge, begun.state, begun.nonce],
  );
  const asksAgain = async (again: boolean) => {
    const { searchParams } = new URL((await signOn().begin(again)).address);
    return [searchParams.get('prompt'), searchParams.get('max_age')];
  };
  assert.deepEqual(
    [await asksAgain(false), await asksAgain(true)],
    [
      [null, null],
      ['login', '0'],
    ],
  );
});

for (const [what, made] of [
  ['signed by another key', () => token(claims(), others.privateKey)],
  [
    'with another text under the signature',
    () => token(claims()).replace(/\.[^.]+\./, `.${part(claims({ sub: 'x' }))}.`),
  ],
  ['without a signature', () => `${part({ alg: 'none' })}.${part(claims())}.`],
  [
    'whose header brings its own key',
    () => {
      const jwk = others.publicKey.export({ format: 'jwk' });
      return token(claims(), others.privateKey, { alg: 'RS256', kid: 'other', jwk });
    },
  ],
  ['of another issuer', () => token(claims({ iss: 'https://login.example' }))],
  ['for somebody else', () => token(claims({ aud: 'another-client' }))],
  ['that has expired', () => token(claims({ exp: seconds() - 60 }))],
  ['of another log-in', () => token(claims({ nonce: 'another' }))],
  ['without a nonce', () => token(claims({ nonce: undefined }))],
] as const)
  test(`an ID token ${what} lets nobody in`, async () => {
    await assert.rejects(finish(made()));
  });

test('neither does one of an algorithm that only the client secret would sign, though the provider offers it, nor an unsigned one', async (t) => {
  algorithms = ['RS256', 'HS256', 'none'];
  t.after(() => {
    algorithms = ['RS256'];
  });
  await assert.rejects(finish(`${part({ alg: 'none' })}.${part(claims())}.`));
  await assert.rejects(finish(token(claims(), keys.privateKey, { alg: 'HS256' })));
});

test('neither does an answer with another state, nor a provider that says it is another', async (t) => {
  await assert.rejects(finish(token(claims()), 'code=c&state=another'));
  claimedIssuer = 'https://login.example';
  t.after(() => {
    claimedIssuer = null;
  });
  await assert.rejects(finish(token(claims())));
});
