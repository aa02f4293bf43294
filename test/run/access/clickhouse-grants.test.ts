import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { startClickHouse } from '../../../infra/clickhouse/start.ts';
import { recordChange } from '../../../services/command/audit.ts';
import { createConsole } from '../../../services/console/console.ts';
import { silencesInForce } from '../../../services/feedback/silences.ts';
import { type ClickHouse, createClickHouse } from '../../../services/platform/clickhouse.ts';
import { createCodecs } from '../../../services/records/codec/codecs.ts';
import {
  CLICKHOUSE_GRANTS,
  type ClickHouseGrant,
  type ClickHouseUser,
  grantOf,
} from '../../../services/run/access/clickhouse-grants.ts';
import { migrateUp } from '../../../services/sink/migrate.ts';
import { alertRow } from '../../../services/sink/rows/alert.ts';
import { sinkSources } from '../../../services/sink/sources.ts';
import { changes, fill, isApi, nameOf, routeTable } from '../../console/route-table.ts';
import { ACCOUNT, seedAccount } from '../../privacy/seeded-account.ts';
import { stillwatch } from '../../support/pipeline.ts';
import { alertEvent } from '../../support/records.ts';
import { rowByName } from '../../support/row-by-name.ts';

/** The real engine, started anew for each user on the same data: it knows one user, who gets the rights of the one that is tried. */
const DATABASE = 'stillwatch';
let dir = '';
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stillwatch-grants-'));
});
after(() => rm(dir, { recursive: true, force: true }));

async function as<Result>(
  grants: readonly ClickHouseGrant[],
  work: (clickHouse: ClickHouse, url: string) => Promise<Result>,
): Promise<Result> {
  const server = await startClickHouse({ dir, grants: grants.map((grant) => grantOf(grant, DATABASE)) });
  const clickHouse = createClickHouse({ url: server.url, database: DATABASE });
  try {
    return await work(clickHouse, server.url);
  } finally {
    await clickHouse.close();
    await server.stop();
  }
}

const insertable = sinkSources(createCodecs(null)).map(({ table }) => table);
const alert = () => rowByName(alertRow, { ...alertEvent(), emitted_at: alertEvent().alert.updated_at });

async function sinkWork(clickHouse: ClickHouse): Promise<void> {
  await migrateUp(clickHouse, DATABASE);
  await clickHouse.insert('alerts', [alert()], 'one');
  for (const table of insertable.filter((name) => name !== 'alerts')) await clickHouse.insert(table, [{}], `${table}`);
}

/** Every route once, a change as it would be made. Gives the answers that say that the database failed. */
async function consoleWork(clickHouse: ClickHouse): Promise<string[]> {
  const lines: string[] = [];
  const log = pino({}, { write: (line) => lines.push(line) });
  const { app, close } = createConsole({
    clickhouse: clickHouse,
    database: DATABASE,
    log,
    now: Date.now,
    port: 0,
    requestsPerMinute: 1_000_000,
  });
  const failed: string[] = [];
  const id = alertEvent().alert.alert_id;
  for (const route of (await routeTable(app)).filter(isApi)) {
    if (route.path.startsWith('/api/session')) continue; // without tokens nobody logs in
    const { statusCode } = await app.inject({
      method: route.method,
      url: fill(route, id),
      headers: { host: 'localhost' },
      ...(changes(route) ? { payload: { by: 'kim', ...bodyOf(route.path, id) } } : {}),
    });
    if (statusCode >= 500) failed.push(nameOf(route));
  }
  await close();
  if (failed.length > 0) failed.push(...lines.filter((line) => line.includes('Not enough privileges')));
  return failed;
}

function bodyOf(path: string, id: string): object {
  if (path.endsWith('/marks')) return { mark: 'true', note: 'read it' };
  if (path.endsWith('/assignment')) return { assignee: 'kim' };
  if (path === '/api/acknowledgements') return { alert_ids: [id] };
  if (path === '/api/silences')
    return { target_type: 'alert', target_id: id, ends_at_ms: Date.now() + 60_000, reason: 'r' };
  return {};
}

test('the sink makes its tables and fills them with its grants', () => as(CLICKHOUSE_GRANTS.sink, sinkWork));

test('the console answers every route and makes every change with its grants, and cannot touch what was detected', () =>
  as(CLICKHOUSE_GRANTS.console, async (clickHouse) => {
    assert.deepEqual(await consoleWork(clickHouse), []);
    await assert.rejects(
      clickHouse.insert('alerts', [alert()], 'two'),
      /Not enough privileges.*INSERT.*stillwatch\.alerts/s,
    );
    await assert.rejects(clickHouse.command(`ALTER TABLE ${DATABASE}.alerts DELETE WHERE 1`), /ALTER DELETE/);
    await assert.rejects(clickHouse.command(`DROP TABLE ${DATABASE}.audit_log`), /DROP TABLE/);
  }));

test('`stillwatch alerts` lists, shows, marks and counts with its grants', () =>
  as(CLICKHOUSE_GRANTS.alerts, async (_, url) => {
    const id = alertEvent().alert.alert_id;
    const env = { CLICKHOUSE_URL: url };
    for (const args of [
      ['ls'],
      ['show', id],
      ['mark', id, 'true', '--by', 'kim', '--note', 'read it'],
      ['ack', id, '--by', 'kim'],
      ['precision'],
    ])
      await stillwatch(['alerts', ...args], env);
  }));

test('whoever applies rules or sends dead letters back writes it down with its grant, and reads nothing', async () => {
  for (const user of ['operator', 'dlq'] as const)
    await as(CLICKHOUSE_GRANTS[user], async (clickHouse) => {
      await recordChange(clickHouse, DATABASE, 'kim', { action: 'apply rules', target: 'hash', detail: {} });
      await assert.rejects(clickHouse.query(`SELECT * FROM ${DATABASE}.audit_log`), /Not enough privileges/);
    });
});

test('whoever erases accounts does so with its grants, and makes and drops no table', () =>
  as(CLICKHOUSE_GRANTS.sink, seedAccount).then(() =>
    as(CLICKHOUSE_GRANTS.privacy, async (clickHouse, url) => {
      await erase(url);
      await assert.rejects(clickHouse.command(`DROP TABLE ${DATABASE}.alerts`), /Not enough privileges/);
    }),
  ));

test('notify reads the silences with its grants and with none of them less, and of an alert nothing that it says', async () => {
  const read = (clickHouse: ClickHouse) => silencesInForce(clickHouse, DATABASE, Date.now());
  await as(CLICKHOUSE_GRANTS.notify, async (clickHouse) => {
    await read(clickHouse);
    for (const column of ['summary', 'linking_evidence', '*'])
      await assert.rejects(clickHouse.query(`SELECT ${column} FROM ${DATABASE}.alerts`), /Not enough privileges/);
  });
  for (const lacking of CLICKHOUSE_GRANTS.notify)
    await assert.rejects(
      as(
        CLICKHOUSE_GRANTS.notify.filter((grant) => grant !== lacking),
        read,
      ),
      /Not enough privileges/,
      lacking.table,
    );
});

/** Each statement that it may need: of every table there is a row. */
async function erase(url: string): Promise<void> {
  await stillwatch(['privacy', 'erase', ACCOUNT, '--by', 'kim'], { CLICKHOUSE_URL: url });
}

/** What each does, and does not get done without a grant. */
const WORK: Record<
  Exclude<ClickHouseUser, 'notify' | 'operator' | 'dlq'>,
  (clickHouse: ClickHouse, url: string) => Promise<unknown>
> = {
  sink: sinkWork,
  async console(clickHouse) {
    const failed = await consoleWork(clickHouse);
    if (failed.length > 0) throw new Error(failed.join('\n'));
  },
  async alerts(_, url) {
    await stillwatch(['alerts', 'mark', alertEvent().alert.alert_id, 'true', '--by', 'kim', '--note', 'read it'], {
      CLICKHOUSE_URL: url,
    });
  },
  privacy: (_, url) => erase(url),
};

for (const [user, table, privilege] of [
  ['sink', '*', 'INSERT'],
  ['console', '*', 'SELECT'],
  ['console', 'audit_log', 'INSERT'],
  ['alerts', 'alert_marks', 'INSERT'],
  ['alerts', 'audit_log', 'INSERT'],
  ['privacy', '*', 'ALTER DELETE'],
  ['privacy', '*', 'ALTER UPDATE'],
] as const)
  test(`${user} without ${privilege} on ${table} is told which grant it lacks`, async () => {
    const without = CLICKHOUSE_GRANTS[user].map((grant) =>
      grant.table === table ? { ...grant, privileges: grant.privileges.filter((one) => one !== privilege) } : grant,
    );
    // As the sink: there must be something to erase.
    if (user === 'privacy') await as(CLICKHOUSE_GRANTS.sink, seedAccount);
    await assert.rejects(
      as(
        without.filter(({ privileges }) => privileges.length > 0),
        WORK[user],
      ),
      new RegExp(`Not enough privileges[^]*grant ${privilege}`),
    );
  });
