import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createStack, SERVICE_NAMES, type StackService } from '../../infra/local/stack.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import {
  difference,
  loadReplay,
  openClickHouseForTest,
  readLines,
  recordWebhooks,
  settled,
  shuffleWithinGrace,
  stillwatch,
} from '../support/pipeline.ts';
import { seededRandom } from '../support/random.ts';

const SEED = Number(process.env['STILLWATCH_TEST_SEED'] ?? 11);
const GRACE = 60_000;
/** Event time passes quickly once nothing comes any more, so that the last windows close within the test. */
const ACCELERATED = {
  STILLWATCH_STREAM_IDLE_TIMEOUT_MS: '2000',
  STILLWATCH_STREAM_IDLE_SPEED: '10000000',
  STILLWATCH_STREAM_CHECKPOINT_INTERVAL_MS: '2000',
  STILLWATCH_SINK_BATCH_WAIT_MS: '200',
};

let folder = '';
let latestCall = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-pipeline-'));
  await stillwatch([
    'simulate',
    '--scenario',
    'small',
    '--seed',
    String(SEED),
    '--out',
    join(folder, 'traffic'),
    '--quiet',
  ]);
  const calls = await readLines<ApiCall>(join(folder, 'traffic/calls.jsonl'));
  latestCall = Math.max(...calls.map(({ occurred_at }) => occurred_at));
  for (const out of ['first', 'second']) {
    await stillwatch([
      'replay',
      '--calls',
      join(folder, 'traffic/calls.jsonl'),
      '--accounts',
      join(folder, 'traffic/accounts.jsonl'),
      '--out',
      join(folder, out),
    ]);
  }
});
after(() => rm(folder, { recursive: true, force: true }));

const REPLAYED = ['alerts.jsonl', 'flagged-accounts.jsonl', 'account-windows.jsonl', 'cluster-windows.jsonl'];

test('two replays of the same files are byte-identical, and page', async () => {
  for (const file of REPLAYED)
    assert.ok((await readFile(join(folder, 'first', file))).equals(await readFile(join(folder, 'second', file))), file);
  const alerts = await readLines<{ severity: string }>(join(folder, 'first/alerts.jsonl'));
  assert.ok(alerts.some(({ severity }) => severity === 'page'));
});

/** Publishes the calls in `file` to a fresh stack, lets `meddle` do its worst, and compares everything with the replay. */
async function compareWithReplay(
  name: string,
  partitions: number,
  file: string,
  meddle: (kill: (service: StackService) => Promise<void>) => Promise<void>,
): Promise<void> {
  const webhook = await recordWebhooks();
  const unexpected: string[] = [];
  const stack = await createStack({
    dir: join(folder, name),
    partitions,
    webhookUrl: webhook.url,
    env: ACCELERATED,
    ended: (service, code) => unexpected.push(`${service} ended with ${code}`),
  });
  const clickHouse = openClickHouseForTest(stack.clickHouseUrl, 'replayed');
  try {
    await stillwatch(['publish', '--accounts', join(folder, 'traffic/accounts.jsonl'), '--calls', file], stack.env);
    await stack.startServices();
    await meddle(async (service) => {
      await stack.services.get(service)?.kill();
      await stack.services.get(service)?.start();
    });
    await settled(stack, latestCall);
    await loadReplay(clickHouse, 'replayed', join(folder, 'first'));
    for (const table of ['account_windows', 'cluster_windows', 'alerts']) {
      const { rows, only } = await difference(clickHouse, table, stack.database, 'replayed');
      assert.deepEqual(only, [], `${table} differs`);
      assert.ok(rows > 0, `${table} is empty`);
    }
    const told = new Set(webhook.events.map(({ id }) => id));
    const alerts = await readLines<{ alert_id: string; revision: number }>(join(folder, 'first/alerts.jsonl'));
    assert.deepEqual(
      [...told].sort(),
      alerts.map(({ alert_id, revision }) => `${alert_id}.${revision}`).sort(),
      'the webhook was told every message',
    );
    assert.deepEqual(unexpected, []);
    for (const service of stack.services.values())
      assert.equal(await service.stop(), 0, `${service.name} stops cleanly`);
  } finally {
    await clickHouse.close();
    await stack.stop();
    await webhook.close();
  }
}

test('the live services give the rows and alerts of the replay, on 2 partitions', { timeout: 240_000 }, async () => {
  await compareWithReplay('two', 2, join(folder, 'traffic/calls.jsonl'), async () => {});
});

test('so they do on 5 partitions, with calls out of order within the grace, while every service is killed with -9 again and again', {
  timeout: 420_000,
}, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const random = seededRandom(SEED);
  const shuffled = join(folder, 'shuffled.jsonl');
  await shuffleWithinGrace(join(folder, 'traffic/calls.jsonl'), shuffled, GRACE, random);
  await compareWithReplay('five', 5, shuffled, async (kill) => {
    const victims: StackService[] = [
      ...Array<StackService>(10).fill('calls'),
      ...SERVICE_NAMES.filter((name) => name !== 'calls').flatMap((name) => [name, name, name]),
    ];
    for (let left = victims.length; left > 0; left--) {
      const [victim] = victims.splice(random.below(left), 1);
      if (victim === undefined) continue;
      await delay(random.below(1_200)); // the instant of the kill is the point: nothing to await
      await kill(victim);
    }
  });
});
