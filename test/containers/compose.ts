import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { makeSecrets } from '../../infra/compose/secrets.ts';
import { SERVICES } from '../../services/run/services.ts';
import type { GettableAlert } from '../support/alertmanager.ts';

/** infra/compose.yaml started as its first lines say, with secrets of its own. KAFKA_IMAGE set: with the images of infra/images/build-offline. Its ports must be free. */
const ROOT = join(import.meta.dirname, '../..');
const PROJECT = ['compose', '--project-name', 'stillwatch-test'];
const CONSOLE = 'http://127.0.0.1:8080';
const ALERTMANAGER = 'http://127.0.0.1:9093';
const PROMETHEUS = 'http://127.0.0.1:9090';
const POLL = 1_000;
const PATIENCE = 240_000;
const run = promisify(execFile);

const pagesSchema = z.object({ alerts: z.array(z.object({ alert_id: z.string() })) });
const targetsSchema = z.object({
  data: z.object({
    activeTargets: z.array(z.object({ labels: z.record(z.string(), z.string()), health: z.string() })),
  }),
});

async function ask(url: string, token?: string): Promise<unknown> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE) });
  assert.equal(response.ok, true, `${url}: ${response.status}`);
  return response.json();
}

/** Asks until there is an answer that is not null. */
async function answer<Answer>(what: string, question: () => Promise<Answer | null>): Promise<Answer> {
  const latest = performance.now() + PATIENCE;
  for (;;) {
    const found = await question();
    if (found !== null) return found;
    assert.ok(performance.now() < latest, `not within ${PATIENCE / 1_000} s: ${what}`);
    await delay(POLL);
  }
}

async function stillwatch(...args: string[]): Promise<void> {
  const env = { ...process.env, KAFKA_BROKERS: '127.0.0.1:9092' };
  await run(process.execPath, [join(ROOT, 'services/main.ts'), ...args], { env });
}

test('a campaign produced to what infra/compose.yaml starts is a page in its console and in its Alertmanager', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-compose-'));
  const infra = join(folder, 'infra');
  const notMine = [join(ROOT, 'infra/compose/secrets'), join(ROOT, 'infra/kafka/jars')];
  await cp(join(ROOT, 'infra'), infra, { recursive: true, filter: (source) => !notMine.includes(source) });
  const made = await makeSecrets(join(infra, 'compose/secrets'));
  assert.ok(made !== null);

  const offline = process.env['KAFKA_IMAGE'] !== undefined;
  const files = ['compose.yaml', ...(offline ? ['compose/offline.yaml'] : [])].flatMap((file) => [
    '-f',
    join(infra, file),
  ]);
  if (!offline)
    await run('docker', ['build', '--file', 'infra/Dockerfile', '--tag', 'stillwatch:0.1.0', '.'], { cwd: ROOT });
  const compose = (...args: string[]) => run('docker', [...PROJECT, ...files, ...args], { maxBuffer: 2 ** 28 });
  t.after(async () => {
    await compose('down', '--volumes', '--timeout', '20');
    await rm(folder, { recursive: true, force: true });
  });
  try {
    await compose('up', '--no-build', '--detach', '--wait', '--wait-timeout', '300');
    await publishCampaign(join(folder, 'traffic'));
    await seesCampaign(made.token);
  } catch (error) {
    process.stderr.write((await compose('logs', '--tail', '40', '--no-color')).stdout);
    throw error;
  }
});

async function publishCampaign(folder: string): Promise<void> {
  await stillwatch('simulate', '--scenario', 'small', '--seed', '11', '--out', folder);
  const [calls, accounts] = [join(folder, 'calls.jsonl'), join(folder, 'accounts.jsonl')];
  await stillwatch('publish', '--calls', calls, '--accounts', accounts);
}

async function seesCampaign(token: string): Promise<void> {
  // Asked together: one that is seen early may have ended, and another begun, before the other is asked.
  await answer('a page that is open in the console and in Alertmanager', async () => {
    const { alerts } = pagesSchema.parse(await ask(`${CONSOLE}/api/alerts?severity=page&status=open`, token));
    const told = (await ask(`${ALERTMANAGER}/api/v2/alerts`)) as GettableAlert[];
    return alerts.find(({ alert_id }) => told.some(({ labels }) => labels['alert_id'] === alert_id)) ?? null;
  });
  await answer('every service seen by Prometheus', async () => {
    const { data } = targetsSchema.parse(await ask(`${PROMETHEUS}/api/v1/targets`));
    const ours = data.activeTargets.filter(({ labels }) => labels['job'] === 'stillwatch');
    return ours.length === Object.keys(SERVICES).length && ours.every(({ health }) => health === 'up') ? ours : null;
  });
}
