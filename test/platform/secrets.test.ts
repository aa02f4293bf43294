import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadConfig, printConfig } from '../../services/platform/config/load.ts';
import { SECRETS } from '../../services/platform/config/schema.ts';
import { secretOf } from '../../services/platform/config/secrets.ts';
import { tlsFiles } from '../../services/platform/config/tls.ts';
import { endOnDefect, masked } from '../../services/platform/crash.ts';
import { openLog } from '../../services/run/context.ts';
import { createAuthority } from '../support/certificates.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-secrets-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const load = (flags: Record<string, string>, environment: Record<string, string> = {}) =>
  loadConfig({ flags, environment, file: null });
const file = async (name: string, content: string): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

for (const setting of SECRETS)
  test(`${setting} can be given by a file, which is read by whoever needs it only`, async () => {
    const path = await file('secret', 'from-the-file\n');
    // What it cannot be set without.
    const alone: Record<string, string> =
      setting === 'hashing.previous_key' ? { 'hashing.rotated_at': '2026-04-22T00:00:00Z' } : {};
    const loaded = load({ ...alone, [`${setting}_file`]: path });
    assert.equal(secretOf(loaded.config, setting), 'from-the-file');
    assert.ok(!printConfig(loaded, true).includes('from-the-file'));
    const missing = load({ ...alone, [`${setting}_file`]: join(folder, 'missing') });
    assert.throws(() => secretOf(missing.config, setting), {
      code: 'CONFIG_INVALID',
      message: /missing, which cannot be read/,
    });
  });

test('settings that contradict one another are mistakes, each with its names', () => {
  const cases: [flags: Record<string, string>, says: RegExp][] = [
    [{ 'hashing.key': 'a-long-key', 'hashing.key_file': '/x' }, /hashing\.key and hashing\.key_file are both set/],
    [{ 'kafka.sasl_mechanism': 'plain', 'kafka.sasl_username': 'a' }, /kafka\.sasl_password_file/],
    [{ 'kafka.ssl_ca_file': '/ca' }, /kafka has files for TLS, but kafka\.ssl is not true/],
    [{ 'clickhouse.ssl_ca_file': '/ca' }, /but clickhouse\.url is not https/],
    [{ 'schema_registry.ssl_ca_file': '/ca' }, /but schema_registry\.url is not https/],
    [{ 'hashing.previous_key': 'a-former-key' }, /hashing\.rotated_at belongs to hashing\.previous_key/],
    [{ 'kafka.ssl': 'true', 'kafka.ssl_cert_file': '/c' }, /ssl_cert_file and kafka\.ssl_key_file belong together/],
  ];
  for (const [flags, says] of cases) assert.throws(() => load(flags), { code: 'CONFIG_INVALID', message: says });
  assert.throws(() => load(Object.assign({}, ...cases.map(([flags]) => flags))), /6 error\(s\)/);
});

test('a certificate that is none, a key that does not fit and a file that is not there are told by their setting', async () => {
  const authority = await createAuthority(join(folder, 'authority'), 'authority');
  const [one, other] = [await authority.issue('one'), await authority.issue('other')];
  const nonsense = await file('nonsense.pem', 'no certificate at all');
  const files = (flags: Record<string, string>) => () =>
    tlsFiles(load({ 'kafka.ssl': 'true', ...flags }).config, 'kafka');
  assert.ok(files({ 'kafka.ssl_ca_file': authority.caFile })().ca);
  assert.throws(
    files({ 'kafka.ssl_ca_file': nonsense }),
    /kafka\.ssl_ca_file \(.*nonsense\.pem\) holds no certificate/,
  );
  assert.throws(
    files({ 'kafka.ssl_ca_file': join(folder, 'missing') }),
    /kafka\.ssl_ca_file names a file that cannot be read/,
  );
  assert.throws(
    files({ 'kafka.ssl_cert_file': one.certFile, 'kafka.ssl_key_file': other.keyFile }),
    /kafka\.ssl_key_file \(.*\) is not the key of kafka\.ssl_cert_file/,
  );
});

test('whatever an error says, no secret that this process can see is in it, however it was written down', async () => {
  const quoted = 'pass"word\\ of/ours';
  const { mask } = load(
    {
      'kafka.sasl_password_file': await file('sasl', 'sasl-secret-word'),
      'clickhouse.url': 'http://me:url-secret%2Fword@ch:8123',
      'notify.webhook_url': 'https://hooks.example/T0/secret-path',
    },
    { STILLWATCH_HASHING_KEY: 'hashing-secret', STILLWATCH_NOTIFY_WEBHOOK_SECRET: quoted },
  );
  const text = [
    'sasl-secret-word',
    'http://me:url-secret%2Fword@ch:8123',
    'url-secret/word',
    'https://hooks.example/T0/secret-path',
    'hashing-secret',
    quoted,
    JSON.stringify({ text: quoted }),
    encodeURIComponent(quoted),
  ].join(' | ');
  assert.equal(mask(text), '•••• | http://me:••••@ch:8123 | •••• | •••• | •••• | •••• | {"text":"••••"} | ••••');
  const error = masked(new Error('sent hashing-secret'), mask);
  assert.equal(String(error), 'Error: sent ••••');
});

test('a defect ends the process in the words of the log, and a report of Node has no environment in it', () => {
  const listeners: ((error: unknown) => void)[] = [];
  const host = {
    on: (_: 'uncaughtException', listener: (error: unknown) => void) => listeners.push(listener),
    codes: [] as number[],
    exit(code: number) {
      host.codes.push(code);
    },
    report: { excludeEnv: false },
  };
  endOnDefect(host, openLog('test', load({ 'log.level': 'silent' })));
  listeners[0]?.(new Error('unexpected'));
  assert.deepEqual([host.codes, host.report.excludeEnv], [[1], true]);
});
