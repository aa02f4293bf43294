import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import pino from 'pino';
import { runChecks } from '../../services/doctor/check.ts';
import { keyCheck } from '../../services/doctor/key-check.ts';
import { DEVELOPMENT_KEY, weaknessOf } from '../../services/platform/config/hashing-key.ts';
import { loadConfig } from '../../services/platform/config/load.ts';
import { createContext } from '../../services/run/context.ts';
import { SERVICES, type ServiceName } from '../../services/run/services.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';

const WEAK = ['a-key-of-19-letters', '0123456789abcdef0123456789abcde', '01234567890123456789', 'abcdabcd'.repeat(10)];
const load = (flags: Record<string, string>) => loadConfig({ flags, environment: {}, file: null });

test('a key of 128 random bits is strong however it is written; a shorter one, one of few characters and the one in the sources are not', () => {
  for (let tried = 0; tried < 200; tried++)
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      assert.equal(weaknessOf(randomBytes(16).toString(encoding)), null);
      assert.notEqual(weaknessOf(randomBytes(12).toString(encoding)), null);
    }
  assert.equal(weaknessOf('correct horse battery staple'), null);
  for (const key of [...WEAK, DEVELOPMENT_KEY, '']) assert.notEqual(weaknessOf(key), null, key);
  assert.equal(load({}).config.hashing.key, DEVELOPMENT_KEY);
});

/** What services warn of while they are put together with this key; none is started. */
async function warningsOf(flags: Record<string, string>): Promise<string[]> {
  const warnings: string[] = [];
  const loaded = load({ 'notify.webhook_url': 'http://127.0.0.1:9/', ...flags });
  // They are the keys of an object that is written out there.
  for (const name of Object.keys(SERVICES) as ServiceName[]) {
    const log = pino({ level: 'warn' }, { write: (line) => warnings.push(`${name} ${line}`) });
    await SERVICES[name](await createContext(name, loaded, log, createKafkaClient));
  }
  return warnings;
}

test('whoever hashes with a weak key says so once when it starts, with how to mend it, and never the key', async () => {
  for (const key of [null, ...WEAK]) {
    const warnings = await warningsOf(key === null ? {} : { 'hashing.key': key });
    assert.deepEqual(
      warnings.map((line) => line.split(' ', 1)[0]),
      ['calls', 'links'],
    );
    for (const warning of warnings) {
      assert.match(warning, /hashing\.key (is the one in stillwatch's sources|cannot have 128 bits).*/);
      assert.match(warning, /openssl rand -base64 32.*infra\/security\/README\.md/);
      assert.ok(!warning.includes(key ?? DEVELOPMENT_KEY));
    }
  }
  assert.deepEqual(await warningsOf({ 'hashing.key': randomBytes(32).toString('base64') }), []);
});

test('the doctor warns of it, and of a file that it cannot read', async () => {
  const foundFor = async (flags: Record<string, string>) => (await runChecks([keyCheck(load(flags).config)], 1_000))[0];
  assert.equal((await foundFor({ 'hashing.key': randomBytes(32).toString('base64') }))?.outcome, 'ok');
  for (const flags of [{}, ...WEAK.map((key) => ({ 'hashing.key': key }))]) {
    const found = await foundFor(flags);
    assert.equal(found?.outcome, 'warn');
    assert.match(found?.mend ?? '', /openssl rand -base64 32/);
  }
  const unread = await foundFor({ 'hashing.key_file': '/nowhere/hashing-key' });
  assert.deepEqual([unread?.outcome, /\/nowhere\/hashing-key/.test(unread?.what ?? '')], ['fail', true]);
});
