import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { createSilenceStore } from '../../services/feedback/silences.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { receiver } from '../notify/receiver.ts';
import { startClickHouseForTest } from '../support/clickhouse.ts';
import { openClickHouseForTest, stillwatch } from '../support/pipeline.ts';

async function configFile(t: TestContext, notify: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-notify-command-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'stillwatch.yaml');
  await writeFile(file, stringify({ notify }));
  return file;
}

/** Standard output and exit code, also when it is not 0. */
async function ran(args: readonly string[], env = {}): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, stdout: await stillwatch(args, env), stderr: '' };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

const webhook = (name: string, url: string) => ({ name, type: 'webhook', url, allow_private_address: true });

test('routes says who would be told of an alert, when and why, without any secret', async (t) => {
  const config = await configFile(t, {
    targets: [
      { name: 'oncall', type: 'pagerduty', routing_key: { env: 'NOT_SET_HERE' } },
      webhook('channel', 'https://channel.example/'),
    ],
    routes: [
      { targets: ['oncall'], severity: ['page'] },
      { targets: ['channel'], verdict: ['harvesting'] },
    ],
    quiet_hours: [{ from: '22:00', to: '07:00', time_zone: 'Europe/Berlin', targets: ['channel'] }],
  });
  const routes = async (severity: string, verdict: string, at: string) => {
    const args = ['notify', 'routes', '--config', config, '--severity', severity, '--verdict', verdict, '--at', at];
    const { code, stdout } = await ran([...args, '--json']);
    return { code, told: JSON.parse(stdout) };
  };
  const night = '2026-04-22T01:00:00Z';
  assert.deepEqual(await routes('ticket', 'harvesting', night), {
    code: 0,
    told: [
      { target: 'oncall', told: 'never', because: 'no route matches' },
      { target: 'channel', told: 'later', because: 'route 2; quiet until 07:00 Europe/Berlin' },
    ],
  });
  assert.deepEqual(await routes('page', 'harvesting', night), {
    code: 0,
    told: [
      { target: 'oncall', told: 'at once', because: 'route 1' },
      { target: 'channel', told: 'at once', because: 'route 2' },
    ],
  });
  assert.equal((await routes('ticket', 'coordinated_pool', '2026-04-22T12:00:00Z')).code, 1);
  const cohorts = await configFile(t, {
    targets: [webhook('channel', 'https://channel.example/')],
    routes: [{ targets: ['channel'], cohort: ['free'] }],
  });
  const page = ['notify', 'routes', '--config', cohorts, '--severity', 'page', '--verdict', 'harvesting', '--json'];
  assert.match((await ran([...page, '--cohort', 'free/chat/gpt-/calls-4^2'])).stdout, /"at once","because":"route 1"/);
  assert.equal((await ran([...page, '--cohort', 'team/chat/gpt-/calls-4^2'])).code, 1);
  const wrong = await ran(['notify', 'routes', '--severity', 'pagee', '--verdict', 'harvesting']);
  assert.equal(wrong.code, 2);
});

test('routes says who has silenced whom it is about, and until when', async (t) => {
  const server = await startClickHouseForTest();
  const database = `notify_command_${process.pid}`;
  const clickHouse = openClickHouseForTest(server.url, database);
  t.after(async () => {
    await clickHouse.command(`DROP DATABASE IF EXISTS ${database}`);
    await clickHouse.close();
    await server.stop();
  });
  await migrateUp(clickHouse, database);
  const store = createSilenceStore(clickHouse, database, () => Date.UTC(2026, 3, 22, 12));
  const ends_at_ms = Date.UTC(2026, 3, 22, 16);
  const wanted = { target_type: 'cluster', ends_at_ms, author: 'kim', reason: 'their nightly run' } as const;
  await store.add({ ...wanted, target_id: 'c_1', idle_ms: 0 });
  await store.add({ ...wanted, target_id: 'c_idle', idle_ms: 2 * 3_600_000 });
  const config = await configFile(t, { targets: [webhook('channel', 'https://channel.example/')] });
  const routes = async (at: string, ...about: string[]) => {
    const args = ['--config', config, '--severity', 'page', '--verdict', 'harvesting', '--at', at, '--json', ...about];
    const { stdout } = await ran(['notify', 'routes', ...args], {
      CLICKHOUSE_URL: server.url,
      STILLWATCH_CLICKHOUSE_DATABASE: database,
    });
    return JSON.parse(stdout);
  };
  const at = '2026-04-22T13:00:00Z';
  const because = 'there are no routes; silenced until 2026-04-22 16:00 UTC by kim: their nightly run';
  assert.deepEqual(await routes(at, '--cluster', 'c_1'), [{ target: 'channel', told: 'later', because }]);
  const idle = await routes(at, '--cluster', 'c_idle');
  assert.match(
    idle[0].because,
    /; silenced until 2026-04-22 14:00 UTC, or as late as 2026-04-22 16:00 if more comes by/,
  );
  for (const [when, ...about] of [
    ['2026-04-22T15:00:00Z', '--cluster', 'c_idle'],
    ['2026-04-22T17:00:00Z', '--cluster', 'c_1'],
    [at, '--cluster', 'c_2'],
    [at, '--account', 'c_1'],
    [at],
  ] as const)
    assert.equal((await routes(when, ...about))[0].told, 'at once', about.join(' '));
});

test('test sends an alert marked TEST and its end, and shows what is answered', async (t) => {
  const hook = await receiver([200]);
  t.after(() => hook.close());
  const config = await configFile(t, {
    targets: [webhook('channel', hook.url), { name: 'other', type: 'slack', url: { env: 'NOT_SET_HERE' } }],
  });
  const { code, stdout } = await ran(['notify', 'test', 'channel', '--config', config]);
  assert.equal(code, 0);
  assert.equal(
    stdout,
    'stillwatch.alert.opened: taken, HTTP 200\n  {}\nstillwatch.alert.resolved: taken, HTTP 200\n  {}\n',
  );
  const sent = hook.received.map(({ body }) => JSON.parse(body).data);
  assert.ok(sent.every(({ alert_id, summary }) => alert_id.startsWith('TEST-') && summary.startsWith('TEST:')));
  assert.deepEqual(
    sent.map(({ status, severity }) => [status, severity]),
    [
      ['open', 'info'],
      ['resolved', 'info'],
    ],
  );
});

test('test ends with 1 when it is not taken, and with 2 and which targets there are when the name is wrong', async (t) => {
  const hook = await receiver([403]);
  t.after(() => hook.close());
  const config = await configFile(t, { targets: [webhook('channel', hook.url)] });
  const refused = await ran(['notify', 'test', 'channel', '--config', config]);
  assert.deepEqual([refused.code, refused.stdout], [1, 'stillwatch.alert.opened: not taken, HTTP 403\n  {}\n']);
  const wrong = await ran(['notify', 'test', 'chanel', '--config', config]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /there is no target chanel; did you mean channel\?; there are channel/);
});
