import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { makeSecrets } from '../../infra/compose/secrets.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { loadPage } from '../../services/console/page-files.ts';
import { loadConfig } from '../../services/platform/config/load.ts';
import { SECRETS } from '../../services/platform/config/schema.ts';
import { secretSetting } from '../../services/platform/config/secrets.ts';
import { CLICKHOUSE_GRANTS, grantOf } from '../../services/run/access/clickhouse-grants.ts';
import { SERVICES } from '../../services/run/services.ts';

const run = promisify(execFile);
const INFRA = join(import.meta.dirname, '../../infra');
const COMPOSE = join(INFRA, 'compose.yaml');

const serviceSchema = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  secrets: z.array(z.union([z.string(), z.object({ source: z.string(), target: z.string() })])).default([]),
  healthcheck: z.union([
    z.object({ test: z.tuple([z.literal('CMD')], z.string()) }),
    z.object({ disable: z.literal(true) }),
  ]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
type ComposeService = z.infer<typeof serviceSchema>;

async function readCompose() {
  const schema = z.object({
    services: z.record(z.string(), serviceSchema),
    volumes: z.record(z.string(), z.null()),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
  });
  return schema.parse(parse(await readFile(COMPOSE, 'utf8'), { merge: true }));
}
type Compose = Awaited<ReturnType<typeof readCompose>>;

const ownServices = ({ services }: Compose): [name: string, service: ComposeService][] =>
  Object.entries(services).filter(([, { image }]) => image.startsWith('stillwatch:'));
const sourceOf = (secret: ComposeService['secrets'][number]): string =>
  typeof secret === 'string' ? secret : secret.source;

test('every service of `stillwatch run` is there, once, with a configuration that it accepts', async () => {
  const compose = await readCompose();
  const file = { name: 'stillwatch.yaml', text: await readFile(join(INFRA, 'compose/stillwatch.yaml'), 'utf8') };
  const running: string[] = [];
  for (const [name, { command, environment, healthcheck }] of ownServices(compose)) {
    if (command[0] !== 'run') continue;
    assert.deepEqual(command, ['run', name, '--config', '/etc/stillwatch/stillwatch.yaml']);
    running.push(name);
    const { config } = loadConfig({ flags: {}, environment, file });
    // Loading refuses variables of a section that it does not know; these would be no setting at all.
    for (const variable of Object.keys(environment))
      assert.match(variable, /^(STILLWATCH_[A-Z]+_|KAFKA_BROKERS$|CLICKHOUSE_URL$)/);
    assert.equal(config.http.host, '0.0.0.0');
    assert.ok('test' in healthcheck && healthcheck.test.at(-1)?.includes(`:${config.http.port}/readyz`), name);
  }
  assert.deepEqual(running.sort(), Object.keys(SERVICES).sort());
});

test('what people are told leads to the console at the port that it is opened at, runbooks and those of Prometheus too', async () => {
  const { services } = await readCompose();
  const load = (name: string) =>
    loadConfig({ flags: {}, environment: services[name]?.environment ?? {}, file: null }).config;
  const address = load('notify').console.public_url;
  assert.deepEqual(services['console']?.ports, [`${new URL(address).host}:${load('console').console.port}`]);
  assert.equal(load('clusters').rules.runbooks_url, `${address}/runbooks`);
  const rules = await readFile(join(INFRA, 'prometheus/rules.yaml'), 'utf8');
  const links = [...rules.matchAll(/runbook_url: (\S+)/g)].map(([, link = '']) => link);
  const served = await loadPage();
  assert.ok(links.length > 10);
  for (const link of links) assert.ok(served.has(link.replace(address, '')), link);
});

test('secrets come from files, and each service has those that it reads and no others', async () => {
  const compose = await readCompose();
  for (const [name, { environment, secrets }] of ownServices(compose)) {
    const { config } = loadConfig({ flags: {}, environment, file: null });
    const read: string[] = [];
    for (const setting of SECRETS) {
      const { value, file } = secretSetting(config, setting);
      assert.ok(
        !Object.values(environment).includes(value) || value === '',
        `${name}: ${setting} is in its environment`,
      );
      if (file !== '') read.push(file);
    }
    assert.deepEqual(read.sort(), secrets.map((secret) => `/run/secrets/${sourceOf(secret)}`).sort(), name);
  }
  const mounted = Object.values(compose.services).flatMap(({ secrets }) => secrets.map(sourceOf));
  assert.deepEqual([...new Set(mounted)].sort(), Object.keys(compose.secrets).sort());
});

test('the secrets are made as they are mounted: unreadable for others on this machine, and never again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-secrets-'));
  t.after(() => rm(folder, { recursive: true }));
  const made = await makeSecrets(join(folder, 'secrets'));
  const { secrets } = await readCompose();
  const wanted = Object.entries(secrets).map(([name, { file }]) => {
    assert.equal(file, `compose/secrets/${name}`);
    return name;
  });
  assert.deepEqual((await readdir(join(folder, 'secrets'))).sort(), wanted.sort());
  assert.equal((await stat(join(folder, 'secrets'))).mode & 0o777, 0o700);
  const entry = await readFile(join(folder, 'secrets/console-tokens'), 'utf8');
  assert.doesNotThrow(() => loadConfig({ flags: { 'console.tokens': entry }, environment: {}, file: null }));
  assert.ok(!entry.includes(made?.token ?? entry));
  const users = await readFile(join(folder, 'secrets/clickhouse-users.xml'), 'utf8');
  for (const user of ['sink', 'console', 'notify', 'grafana'])
    assert.ok(!users.includes(await readFile(join(folder, `secrets/clickhouse-${user}`), 'utf8')), 'only its hash');
  assert.equal(await makeSecrets(join(folder, 'secrets')), null);
});

test('who comes to ClickHouse, notify for its silences too, is a user there with its own rights and the password that it is given', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-secrets-'));
  t.after(() => rm(folder, { recursive: true }));
  await makeSecrets(folder);
  const users = await readFile(join(folder, 'clickhouse-users.xml'), 'utf8');
  const file = { name: 'stillwatch.yaml', text: await readFile(join(INFRA, 'compose/stillwatch.yaml'), 'utf8') };
  const { services } = await readCompose();
  for (const name of ['sink', 'console', 'notify'] as const) {
    const { config } = loadConfig({ flags: {}, environment: services[name]?.environment ?? {}, file });
    assert.equal(config.clickhouse.url, 'http://clickhouse:8123');
    const [, user = ''] =
      new RegExp(`<${config.clickhouse.username}>([^]*)</${config.clickhouse.username}>`).exec(users) ?? [];
    const password = await readFile(join(folder, basename(config.clickhouse.password_file)), 'utf8');
    assert.ok(user.includes(createHash('sha256').update(password).digest('hex')), name);
    assert.deepEqual(
      [...user.matchAll(/<query>GRANT (.*)<\/query>/g)].map(([, grant]) => grant),
      CLICKHOUSE_GRANTS[name].map((grant) => grantOf(grant, config.clickhouse.database)),
    );
  }
  assert.ok(loadConfig({ flags: {}, environment: {}, file }).config.notify.silences);
});

test('nothing listens beyond the loopback, and nothing may become more than it is', async () => {
  for (const [name, service] of Object.entries((await readCompose()).services)) {
    for (const port of service.ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    if (service.build !== undefined) assert.equal(service.read_only, true, name);
  }
});

test('images are pinned, Kafka and ClickHouse to what is tested here', async () => {
  const { services } = await readCompose();
  const images = Object.fromEntries(Object.entries(services).map(([name, { image }]) => [name, image]));
  for (const image of Object.values(images)) assert.match(image, /^[\w./-]+:v?\d+\.\d+(\.\d+)?$/);
  const pom = await readFile(join(INFRA, 'kafka/pom.xml'), 'utf8');
  const [, kafka] = /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([\d.]+)</.exec(pom) ?? [];
  assert.equal(images['kafka'], `apache/kafka:${kafka}`);
  const [line] = /^\d+\.\d+/.exec(packageJson.optionalDependencies['@chdb/lib-linux-x64-gnu']) ?? [];
  assert.equal(images['clickhouse'], `clickhouse/clickhouse-server:${line}`);
  assert.equal(images['calls'], `stillwatch:${packageJson.version}`);
});

test('what is mounted, waited for and scraped is there', async () => {
  const { services, volumes } = await readCompose();
  for (const [name, service] of Object.entries(services)) {
    for (const volume of service.volumes) {
      const [source = '', target = ''] = volume.split(':');
      assert.match(target, /^\//);
      if (source.startsWith('./')) await assert.doesNotReject(access(join(INFRA, source)), `${name}: ${source}`);
      else assert.ok(source in volumes, `${name}: there is no volume ${source}`);
      if (source.startsWith('./')) assert.ok(volume.endsWith(':ro'), `${name} may not change ${source}`);
    }
    for (const [needed, { condition }] of Object.entries(service.depends_on)) {
      const other = services[needed];
      assert.ok(other !== undefined, `${name} waits for ${needed}, which is not there`);
      if (condition === 'service_healthy') assert.ok('test' in other.healthcheck, `${needed} has no health check`);
    }
  }
  const { scrape_configs } = z
    .object({
      scrape_configs: z.array(z.object({ static_configs: z.array(z.object({ targets: z.array(z.string()) })) })),
    })
    .parse(parse(await readFile(join(INFRA, 'prometheus/prometheus.yaml'), 'utf8')));
  const targets = scrape_configs.flatMap(({ static_configs }) => static_configs.flatMap((each) => each.targets));
  for (const name of Object.keys(SERVICES))
    assert.ok(targets.includes(`${name}:${services[name]?.environment['STILLWATCH_HTTP_PORT']}`), name);
});

test('amtool accepts the routes of Alertmanager', async () => {
  const { stdout } = await run(process.env['AMTOOL'] ?? '/usr/bin/amtool', [
    'check-config',
    join(INFRA, 'compose/alertmanager.yaml'),
  ]);
  assert.match(stdout, /SUCCESS/);
});

test('docker compose accepts the file', async (t) => {
  const { status } = spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' });
  if (status !== 0) return t.skip('there is no `docker compose` here: the file was only checked by the tests above');
  await run('docker', ['compose', '--file', COMPOSE, 'config', '--quiet']);
});
