import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityOf, parseRole, type SignOn } from '../../services/console/access/sign-on.ts';
import { answers, consoleOver, fakeClickHouse } from './canned.ts';

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

test('where people come over TLS both cookies go over nothing else, though a proxy asks us in the clear', async () => {
  const cookiesWhere = async (isOverTls: boolean) => {
    const signOn: SignOn = {
      isOverTls,
      begin: async () => ({
        address: 'https://login.example/authorize',
        pending: { state: 's', nonce: 'n', verifier: 'v' },
      }),
      finish: async () => ({ name: 'kim', role: 'viewer' }),
    };
    const { app } = consoleOver(fakeClickHouse(answers({})), [], { signOn });
    const begun = await app.inject('/api/sign-on');
    const [pending] = begun.cookies;
    const back = await app.inject({
      url: '/api/signed-on?code=c&state=s',
      cookies: { [pending?.name ?? '']: pending?.value ?? '' },
    });
    const session = back.cookies.find(({ value }) => value !== '');
    return [pending?.secure ?? false, session?.secure ?? false, session?.name];
  };
  assert.deepEqual(await cookiesWhere(true), [true, true, 'stillwatch_session']);
  assert.deepEqual(await cookiesWhere(false), [false, false, 'stillwatch_session']);
});
