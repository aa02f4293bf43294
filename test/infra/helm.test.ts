import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Job } from 'kubernetes-models/batch/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Service } from 'kubernetes-models/v1';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { HELM } from '../../infra/helm/install.ts';
import { VALUES_SCHEMA, valuesSchema } from '../../infra/helm/values-schema.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { loadConfig } from '../../services/platform/config/load.ts';
import type { Config } from '../../services/platform/config/schema.ts';
import { SERVICES } from '../../services/run/services.ts';

const run = promisify(execFile);
const FOLDER = join(import.meta.dirname, '../../infra/helm');
const CHART = join(FOLDER, 'stillwatch');
const WITH_EVERYTHING = [
  ...['podMonitor', 'prometheusRule', 'dashboards'].flatMap((name) => ['--set', `monitoring.${name}.enabled=true`]),
  ...['calls', 'clusters', 'sink'].flatMap((name) => ['--set', `services.${name}.autoscaling.enabled=true`]),
  '--set-file',
  `rules=${join(FOLDER, '../rules/stillwatch.yaml')}`,
  '--set',
  'networkPolicy.consoleFrom[0].podSelector.matchLabels.app=proxy',
  '--set',
  'networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.name=monitoring',
  '--set',
  'topics.secretKeys={kafka-password}',
];

const VALIDATORS: Readonly<Record<string, (manifest: never) => { validate(): void }>> = {
  Deployment: (manifest) => new Deployment(manifest),
  HorizontalPodAutoscaler: (manifest) => new HorizontalPodAutoscaler(manifest),
  Job: (manifest) => new Job(manifest),
  NetworkPolicy: (manifest) => new NetworkPolicy(manifest),
  PodDisruptionBudget: (manifest) => new PodDisruptionBudget(manifest),
  ConfigMap: (manifest) => new ConfigMap(manifest),
  Service: (manifest) => new Service(manifest),
};
/** Custom resources of the Prometheus operator, whose schemas are not Kubernetes' own. */
const CUSTOM = ['PodMonitor', 'PrometheusRule'];

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
});
type Manifest = z.infer<typeof manifestSchema>;

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal('health') }) });
const podSchema = z.object({
  automountServiceAccountToken: z.literal(false),
  securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.number().min(1) }),
  containers: z.tuple([
    z.object({
      image: z.string(),
      args: z.array(z.string()),
      env: z.undefined().optional(),
      startupProbe: probe.optional(),
      livenessProbe: probe.optional(),
      readinessProbe: probe.optional(),
      resources: z.object({
        requests: z.object({ cpu: z.string(), memory: z.string() }),
        limits: z.object({ memory: z.string() }),
      }),
      securityContext: z.object({
        allowPrivilegeEscalation: z.literal(false),
        readOnlyRootFilesystem: z.literal(true),
        capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
      }),
    }),
  ]),
  volumes: z.array(
    z.looseObject({ name: z.string(), secret: z.object({ items: z.array(z.object({ key: z.string() })) }).optional() }),
  ),
});
const deploymentSchema = z.object({ spec: z.object({ template: z.object({ spec: podSchema }) }) });

function needHelm(t: TestContext): boolean {
  if (existsSync(HELM)) return true;
  t.skip(
    `there is no helm at ${HELM}: the chart was not rendered (node infra/helm/install.ts builds one where there is Go, or name it in HELM)`,
  );
  return false;
}

const helm = (...args: string[]) => run(HELM, args, { maxBuffer: 64 * 1024 * 1024 });

async function render(...options: string[]): Promise<Manifest[]> {
  const { stdout } = await helm('template', 'live', CHART, '--kube-version', '1.33.0', ...options);
  return parseAllDocuments(stdout)
    .map((document): unknown => document.toJS())
    .filter((manifest) => manifest !== null)
    .map((manifest) => manifestSchema.parse(manifest));
}

const componentOf = ({ metadata }: Manifest): string => metadata.labels['app.kubernetes.io/component'] ?? '';
let plain: Manifest[] = [];
let full: Manifest[] = [];
before(async () => {
  if (!existsSync(HELM)) return;
  plain = await render();
  full = await render(...WITH_EVERYTHING);
});

const podsOf = (manifests: readonly Manifest[]) =>
  manifests
    .filter(({ kind }) => kind === 'Deployment')
    .map((manifest) => ({ name: componentOf(manifest), pod: deploymentSchema.parse(manifest).spec.template.spec }));

/** What a service is given as its configuration file. */
function configOf(manifests: readonly Manifest[], name: string): Config {
  const found = manifests.find((manifest) => manifest.kind === 'ConfigMap' && componentOf(manifest) === name);
  const { data } = z.object({ data: z.object({ 'stillwatch.yaml': z.string() }) }).parse(found);
  return loadConfig({ flags: {}, environment: {}, file: { name: 'stillwatch.yaml', text: data['stillwatch.yaml'] } })
    .config;
}

test('values are checked by the settings that there are: values.schema.json is what is made from them', async () => {
  const written: unknown = JSON.parse(await readFile(VALUES_SCHEMA, 'utf8'));
  assert.deepEqual(written, JSON.parse(valuesSchema()), 'run: node infra/helm/values-schema.ts');
});

test('helm finds nothing wrong with the chart, with its defaults and with everything on', async (t) => {
  if (!needHelm(t)) return;
  for (const options of [[], WITH_EVERYTHING]) {
    const { stdout } = await helm('lint', '--strict', '--kube-version', '1.33.0', CHART, ...options);
    assert.match(stdout, /1 chart\(s\) linted, 0 chart\(s\) failed/);
  }
});

test('a name that is no setting, a secret in plain sight and more pods than partitions are refused', async (t) => {
  if (!needHelm(t)) return;
  await assert.rejects(render('--set', 'config.kafka.broker=kafka:9092'), /'broker' not allowed/);
  await assert.rejects(render('--set', 'config.hashing.key=a-secret-in-values'), /'key' not allowed/);
  await assert.rejects(render('--set', 'services.callz.replicas=2'), /'callz' not allowed/);
  const tooMany = [
    '--set',
    'services.calls.autoscaling.enabled=true',
    '--set',
    'services.calls.autoscaling.maxReplicas=9',
  ];
  await assert.rejects(render(...tooMany), /further pods would have nothing to do/);
});

test('Kubernetes takes what comes out: every manifest has the form of its kind', (t) => {
  if (!needHelm(t)) return;
  const manifests = full;
  const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  assert.equal(new Set(names).size, names.length);
  for (const manifest of manifests) {
    if (CUSTOM.includes(manifest.kind)) continue;
    const validator = VALIDATORS[manifest.kind];
    assert.ok(validator, `${manifest.kind} is not checked`);
    // The classes want manifests of their own types; whether this is one is what is asked.
    assert.doesNotThrow(() => validator(manifest as never).validate(), `${manifest.kind}/${manifest.metadata.name}`);
  }
});

test('each service runs as nobody, on a read-only root, asked for its health, with a budget and a policy', (t) => {
  if (!needHelm(t)) return;
  const manifests = plain;
  const pods = podsOf(manifests);
  assert.deepEqual(pods.map(({ name }) => name).sort(), Object.keys(SERVICES).sort());
  for (const { name, pod } of pods) {
    const [container] = pod.containers;
    assert.deepEqual(container.args, ['run', name, '--config', '/etc/stillwatch/stillwatch.yaml']);
    assert.equal(container.image, `stillwatch:${packageJson.version}`);
    assert.equal(container.livenessProbe?.httpGet.path, '/livez');
    assert.equal(container.startupProbe?.httpGet.path, '/livez');
    assert.equal(container.readinessProbe?.httpGet.path, '/readyz');
    for (const kind of ['PodDisruptionBudget', 'NetworkPolicy', 'Service'])
      assert.ok(
        manifests.some((manifest) => manifest.kind === kind && componentOf(manifest) === name),
        `${name}: ${kind}`,
      );
  }
});

test('each service accepts its configuration, and is given the secrets that it names and no others', (t) => {
  if (!needHelm(t)) return;
  const manifests = full;
  for (const { name, pod } of podsOf(manifests)) {
    const config = configOf(manifests, name);
    assert.deepEqual([config.http.host, config.http.port], ['0.0.0.0', 9100]);
    assert.equal(config.rules.file !== '', name === 'clusters');
    const named = JSON.stringify(config).matchAll(/\/run\/secrets\/stillwatch\/([\w-]+)/g);
    const mounted = pod.volumes.flatMap(({ secret }) => (secret?.items ?? []).map(({ key }) => key));
    assert.deepEqual([...named].map(([, key]) => key).sort(), mounted.sort(), name);
  }
});

test('who comes to ClickHouse, notify for its silences too, is a user there and is let through; nobody else is', (t) => {
  if (!needHelm(t)) return;
  const egressSchema = z.object({
    spec: z.object({ egress: z.array(z.object({ ports: z.array(z.object({ port: z.number() })) })) }),
  });
  const users = podsOf(plain).flatMap(({ name }) => {
    const { username, password_file } = configOf(plain, name).clickhouse;
    const policy = plain.find((manifest) => manifest.kind === 'NetworkPolicy' && componentOf(manifest) === name);
    const ports = egressSchema.parse(policy).spec.egress.flatMap((rule) => rule.ports.map(({ port }) => port));
    assert.equal(ports.includes(8_123), username !== '', name);
    if (username === '') return [];
    assert.deepEqual([username, password_file], [name, `/run/secrets/stillwatch/clickhouse-${name}`]);
    return [name];
  });
  assert.deepEqual(users.sort(), ['console', 'notify', 'sink']);
  assert.ok(configOf(plain, 'notify').notify.silences);
});

test('nobody opens the console or reads metrics who is not named', (t) => {
  if (!needHelm(t)) return;
  const rulesSchema = z.object({
    spec: z.object({
      ingress: z.array(z.object({ ports: z.array(z.object({ port: z.string() })), from: z.array(z.unknown()) })),
    }),
  });
  const allowed = (manifests: readonly Manifest[]) =>
    manifests
      .filter((manifest) => manifest.kind === 'NetworkPolicy' && componentOf(manifest) === 'console')
      .flatMap((manifest) => rulesSchema.parse(manifest).spec.ingress)
      .flatMap(({ ports, from }) => ports.map(({ port }) => `${port} from ${from.length}`));
  assert.deepEqual(allowed(plain), ['health from 1']);
  assert.deepEqual(allowed(full), ['health from 2', 'http from 1']);
});

test('the chart brings the very rules and dashboards that are tested', async (t) => {
  assert.equal(
    await realpath(join(CHART, 'files/prometheus-rules.yaml')),
    await realpath(join(FOLDER, '../prometheus/rules.yaml')),
  );
  assert.equal(await realpath(join(CHART, 'files/dashboards')), await realpath(join(FOLDER, '../grafana/dashboards')));
  if (!needHelm(t)) return;
  const rendered = full.find(({ kind }) => kind === 'PrometheusRule');
  assert.deepEqual(rendered?.['spec'], parse(await readFile(join(FOLDER, '../prometheus/rules.yaml'), 'utf8')));
});

test('runbooks lead to the console where people open it', async (t) => {
  if (!needHelm(t)) return;
  const address = 'https://stillwatch.example';
  const rendered = await render(...WITH_EVERYTHING, '--set', `config.console.public_url=${address}/`);
  const rules = JSON.stringify(rendered.find(({ kind }) => kind === 'PrometheusRule')?.['spec']);
  const links = [...rules.matchAll(/"runbook_url":"([^"]+)"/g)].map(([, link = '']) => link);
  assert.ok(links.length > 10);
  for (const link of links) assert.ok(link.startsWith(`${address}/runbooks/`), link);
});

test('the chart is of the version that it installs', async () => {
  const { appVersion } = z
    .object({ appVersion: z.string() })
    .parse(parse(await readFile(join(CHART, 'Chart.yaml'), 'utf8')));
  assert.equal(appVersion, packageJson.version);
});
