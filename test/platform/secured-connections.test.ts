import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type LocalClickHouse, startClickHouse } from '../../infra/clickhouse/start.ts';
import { loadConfig } from '../../services/platform/config/load.ts';
import { StillwatchError } from '../../services/platform/errors.ts';
import { openClickHouse, openCodecs } from '../../services/run/context.ts';
import { type Registry, startRegistry } from '../faults/harness/registry.ts';
import { type Authority, type Certificate, createAuthority } from '../support/certificates.ts';
import { startTlsProxy, type TlsProxy } from '../support/tls-proxy.ts';

const PASSWORD = 'the-password-of-sink';
const WRONG = 'not-the-password';

let folder = '';
let authority: Authority;
let strangeCa = '';
let client: Certificate;
let clickHouse: LocalClickHouse;
let registry: Registry;
/** TLS; TLS for who has a certificate; and no TLS. */
let ports: { clickHouse: number; mutual: number; plain: number; registry: number };
const proxies: TlsProxy[] = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-tls-'));
  authority = await createAuthority(folder, 'authority');
  strangeCa = (await createAuthority(folder, 'stranger')).caFile;
  client = await authority.issue('sink');
  const server = await authority.issue('server');
  clickHouse = await startClickHouse({ dir: folder, password: PASSWORD });
  registry = await startRegistry({ only: { user: 'sink', password: PASSWORD } });
  const plain = Number(new URL(clickHouse.url).port);
  const before = async (port: number, clientsOf?: string): Promise<number> => {
    const proxy = await startTlsProxy(server, port, clientsOf);
    proxies.push(proxy);
    return proxy.port;
  };
  ports = {
    plain,
    clickHouse: await before(plain),
    mutual: await before(plain, authority.caFile),
    registry: await before(Number(new URL(registry.url).port)),
  };
});
after(async () => {
  for (const proxy of proxies) await proxy.close();
  await registry.close();
  await clickHouse.stop();
  await rm(folder, { recursive: true, force: true });
});

type Settings = Record<string, string>;
const configured = (flags: Settings) => loadConfig({ flags, environment: {}, file: null }).config;

async function askClickHouse(url: string, settings: Settings): Promise<void> {
  const opened = openClickHouse(configured({ 'clickhouse.url': url, ...settings }));
  try {
    await opened.check();
  } finally {
    await opened.close();
  }
}
const askRegistry = async (url: string, settings: Settings): Promise<void> => {
  await openCodecs(configured({ 'schema_registry.url': url, ...settings }));
};

const clickHouseTls = (over: Settings = {}): Settings => ({
  'clickhouse.ssl_ca_file': authority.caFile,
  'clickhouse.username': 'default',
  'clickhouse.password': PASSWORD,
  ...over,
});
const registryTls = (over: Settings = {}): Settings => ({
  'schema_registry.ssl_ca_file': authority.caFile,
  'schema_registry.username': 'sink',
  'schema_registry.password': PASSWORD,
  ...over,
});
const certificate = (): Settings => ({
  'clickhouse.ssl_cert_file': client.certFile,
  'clickhouse.ssl_key_file': client.keyFile,
});

test('ClickHouse is reached over TLS with an authority of our own, credentials beside the address, from a file or in it', async () => {
  const url = `https://127.0.0.1:${ports.clickHouse}`;
  await askClickHouse(url, clickHouseTls());
  const file = join(folder, 'password');
  await writeFile(file, `${PASSWORD}\n`);
  const { 'clickhouse.password': _, ...rest } = clickHouseTls();
  await askClickHouse(url, { ...rest, 'clickhouse.password_file': file });
  await askClickHouse(`https://default:${PASSWORD}@localhost:${ports.clickHouse}`, {
    'clickhouse.ssl_ca_file': authority.caFile,
  });
  await askClickHouse(`https://127.0.0.1:${ports.mutual}`, clickHouseTls(certificate()));
});

test('the schema registry is reached over TLS with an authority of our own, and knows us by our password', async () => {
  await askRegistry(`https://127.0.0.1:${ports.registry}`, registryTls());
});

/** Says what, where and what to do, and no password. */
async function refused(attempt: Promise<void>, code: StillwatchError['code'], says: RegExp): Promise<void> {
  const error = await attempt.then(
    () => assert.fail('it connected'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StillwatchError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, says);
  assert.match(error.message, /at (127\.0\.0\.1|localhost):\d+.*What to do: /);
  assert.ok(!error.message.includes(PASSWORD) && !error.message.includes(WRONG), error.message);
}

test('what ClickHouse refuses is said with what, where and what to do', async () => {
  const tls = `https://127.0.0.1:${ports.clickHouse}`;
  const refuses = (url: string, settings: Settings, code: StillwatchError['code'], says: RegExp) =>
    refused(askClickHouse(url, settings), code, says);
  await refuses(
    tls,
    clickHouseTls({ 'clickhouse.password': WRONG }),
    'CLICKHOUSE_REFUSED',
    /does not let user default in/,
  );
  await refuses(
    tls,
    clickHouseTls({ 'clickhouse.ssl_ca_file': strangeCa }),
    'CLICKHOUSE_UNREACHABLE',
    /not signed by anybody who is trusted here.*set clickhouse\.ssl_ca_file/,
  );
  await refuses(
    `https://127.0.0.1:${ports.plain}`,
    clickHouseTls(),
    'CLICKHOUSE_UNREACHABLE',
    /does not speak TLS on this port.*write http:\/\//,
  );
  const { 'clickhouse.ssl_ca_file': _, ...withoutTls } = clickHouseTls();
  await refuses(
    `http://127.0.0.1:${ports.clickHouse}`,
    withoutTls,
    'CLICKHOUSE_UNREACHABLE',
    /does not answer.*https:\/\/ where it wants TLS/,
  );
  await refuses(
    `https://127.0.0.1:${ports.mutual}`,
    clickHouseTls(),
    'CLICKHOUSE_UNREACHABLE',
    /wants a certificate of ours.*set clickhouse\.ssl_cert_file/,
  );
});

test('what the schema registry refuses is said with what, where and what to do', async () => {
  const tls = `https://127.0.0.1:${ports.registry}`;
  const refuses = (url: string, settings: Settings, code: StillwatchError['code'], says: RegExp) =>
    refused(askRegistry(url, settings), code, says);
  await refuses(tls, registryTls({ 'schema_registry.password': WRONG }), 'REGISTRY_REFUSED', /refuses user sink \(401/);
  await refuses(
    tls,
    { 'schema_registry.ssl_ca_file': authority.caFile },
    'REGISTRY_REFUSED',
    /refuses whoever does not say who they are/,
  );
  await refuses(
    tls,
    registryTls({ 'schema_registry.ssl_ca_file': strangeCa }),
    'REGISTRY_UNREACHABLE',
    /not signed by anybody.*set schema_registry\.ssl_ca_file/,
  );
  await refuses(tls, {}, 'REGISTRY_UNREACHABLE', /not signed by anybody.*set schema_registry\.ssl_ca_file/);
  await refuses(
    registry.url.replace('http:', 'https:'),
    registryTls(),
    'REGISTRY_UNREACHABLE',
    /does not speak TLS on this port.*http:\/\/ in SCHEMA_REGISTRY_URL/,
  );
});

test('a registry that does not grant writing says so', async (t) => {
  const server = createServer((_, response) => void response.writeHead(403).end('{}')).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await refused(
    askRegistry(`http://127.0.0.1:${port}`, {
      'schema_registry.username': 'sink',
      'schema_registry.password': PASSWORD,
    }),
    'REGISTRY_REFUSED',
    /refuses user sink \(403 .*must be able to read schemas and to register ours/,
  );
});
