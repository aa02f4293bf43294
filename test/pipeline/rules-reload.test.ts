import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createStack, type Stack } from '../../infra/local/stack.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import type { RulesVersion } from '../../services/rules/version.ts';
import { DEFAULT_RULES } from '../../services/run/context.ts';
import {
  difference,
  loadReplay,
  openClickHouseForTest,
  type Recorder,
  readLines,
  recordWebhooks,
  settled,
  stillwatch,
} from '../support/pipeline.ts';

/** Noon of the simulated day. */
const NOON = '2026-04-22T12:00:00.000Z';
const TIMEOUT = 420_000;

let folder = '';
let stack: Stack;
let webhook: Recorder;
let latestCall = 0;
const file = (name: string): string => join(folder, name);

before(
  async () => {
    folder = await mkdtemp(join(tmpdir(), 'stillwatch-rules-'));
    await stillwatch(['simulate', '--scenario', 'small', '--seed', '11', '--out', file('traffic'), '--quiet']);
    latestCall = Math.max(...(await readLines<ApiCall>(file('traffic/calls.jsonl'))).map((call) => call.occurred_at));
    const rules = await readFile(DEFAULT_RULES, 'utf8');
    await writeFile(file('rules.yaml'), rules);
    // Changes severities and a baseline percentile, so that what is compared depends on the boundary.
    const later = rules
      .replace(/page_from: [\d.]+/, 'page_from: 0.999')
      .replaceAll(/( {6}enumerated_share: ).*/g, '$1{ percentile: [90, 99], at_least: [0.25, 0.6] }');
    assert.notEqual(later, rules);
    await writeFile(file('later.yaml'), later);
    webhook = await recordWebhooks();
    stack = await createStack({
      dir: file('stack'),
      partitions: 3,
      webhookUrl: webhook.url,
      env: {
        STILLWATCH_RULES_FILE: file('rules.yaml'),
        STILLWATCH_RULES_RELOAD_MS: '200',
        STILLWATCH_STREAM_IDLE_TIMEOUT_MS: '2000',
        STILLWATCH_STREAM_IDLE_SPEED: '10000000',
        STILLWATCH_STREAM_CHECKPOINT_INTERVAL_MS: '1000',
        STILLWATCH_SINK_BATCH_WAIT_MS: '200',
      },
    });
  },
  { timeout: TIMEOUT },
);
after(async () => {
  await stack?.stop();
  await webhook?.close();
  await rm(folder, { recursive: true, force: true });
});

const versions = async (): Promise<RulesVersion[]> =>
  JSON.parse(await stillwatch(['rules', 'ls', '--json'], stack.env));

/** Resolves when the clusters service has counted that outcome of looking at its file. */
async function reloaded(outcome: string): Promise<void> {
  for (;;) {
    const text = await (await fetch(`${stack.services.get('clusters')?.url()}/metrics`)).text();
    const line = text
      .split('\n')
      .find((one) => one.startsWith('stillwatch_rules_reload_total') && one.includes(outcome));
    if (line !== undefined && Number(line.split(' ').at(-1)) > 0) return;
    await delay(100);
  }
}

test('rules applied to the running system change at the window they say, on every partition, whoever is killed: as in a replay', {
  timeout: TIMEOUT,
}, async () => {
  await stillwatch(
    ['replay', '--calls', file('traffic/calls.jsonl'), '--accounts', file('traffic/accounts.jsonl')]
      .concat(['--rules', file('rules.yaml'), '--rules', `${file('later.yaml')}@${NOON}`])
      .concat(['--out', file('replayed')]),
  );
  for (const name of ['sink', 'notify', 'calls', 'links', 'clusters'] as const) await stack.services.get(name)?.start();
  await stillwatch(['rules', 'apply', file('later.yaml'), '--at', NOON], stack.env);
  await stillwatch(
    ['publish', '--accounts', file('traffic/accounts.jsonl'), '--calls', file('traffic/calls.jsonl')],
    stack.env,
  );
  for (let kills = 0; kills < 3; kills++) {
    await delay(700); // the instant of the kill is the point: nothing to await
    await stack.services.get('clusters')?.kill();
    await stack.services.get('clusters')?.start();
  }
  await settled(stack, latestCall);
  const clickHouse = openClickHouseForTest(stack.clickHouseUrl, 'replayed');
  try {
    await loadReplay(clickHouse, 'replayed', file('replayed'), stack.database);
    for (const table of ['cluster_windows', 'alerts']) {
      const { rows, only } = await difference(clickHouse, table, stack.database, 'replayed');
      assert.deepEqual(only, [], `${table} differs`);
      assert.ok(rows > 0, `${table} is empty`);
    }
    const used = await clickHouse.query<{ after: boolean; hashes: number }>(
      `SELECT window_end >= '2026-04-22 12:00:00' AS after, uniqExact(rules_hash) AS hashes FROM ${stack.database}.cluster_windows GROUP BY after ORDER BY after`,
    );
    assert.deepEqual(
      used.map(({ hashes }) => Number(hashes)),
      [1, 1],
    );
  } finally {
    await clickHouse.close();
  }
});

test('a bad rule file is counted and changes nothing; a good one then comes into force at an hour that nobody has reached', {
  timeout: TIMEOUT,
}, async () => {
  const before = await versions();
  assert.equal(before.length, 2);
  const rules = await readFile(file('rules.yaml'), 'utf8');
  await writeFile(file('rules.yaml'), rules.replace('least_accounts', 'least_acounts'));
  await reloaded('rejected');
  assert.deepEqual(await versions(), before);
  assert.match(await readFile(file('stack/clusters.log'), 'utf8'), /did you mean least_accounts/);

  await writeFile(file('rules.yaml'), rules.replace(/page_from: [\d.]+/, 'page_from: 0.8625'));
  await reloaded('applied');
  const [, , third] = await versions();
  assert.equal(third?.origin, 'file');
  assert.equal(third?.rules.alerts.page_from, 0.8625);
  assert.ok((third?.effective_at ?? 0) > latestCall);
  assert.equal((third?.effective_at ?? 1) % 3_600_000, 0);
});

test('rules cannot be applied to windows that are judged already', { timeout: TIMEOUT }, async () => {
  await assert.rejects(stillwatch(['rules', 'apply', file('later.yaml'), '--at', NOON], stack.env), (error: Error) =>
    /judged already/.test(error.message),
  );
});
