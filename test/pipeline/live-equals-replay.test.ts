import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createStack } from '../../infra/local/stack.ts';
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

test('the live services give the rows and alerts of the replay, on 5 partitions, with calls out of order within the grace', {
  timeout: 240_000,
}, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const shuffled = join(folder, 'shuffled.jsonl');
  await shuffleWithinGrace(join(folder, 'traffic/calls.jsonl'), shuffled, GRACE, seededRandom(SEED));
  const webhook = await recordWebhooks();
  const unexpected: string[] = [];
  const stack = await createStack({
    dir: join(folder, 'live'),
    partitions: 5,
    webhookUrl: webhook.url,
    env: ACCELERATED,
    ended: (service, code) => unexpected.push(`${service} ended with ${code}`),
  });
  const clickHouse = openClickHouseForTest(stack.clickHouseUrl, 'replayed');
  try {
    await stillwatch(['publish', '--accounts', join(folder, 'traffic/accounts.jsonl'), '--calls', shuffled], stack.env);
    await stack.startServices();
    await settled(stack, latestCall);
    await loadReplay(clickHouse, 'replayed', join(folder, 'first'), stack.database);
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
});
