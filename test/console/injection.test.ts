import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { reproduce } from '../../services/clusters/score/reproduce.ts';
import { type Console, createConsole } from '../../services/console/console.ts';
import type { ClickHouse } from '../../services/platform/clickhouse.ts';
import { identifier, literal } from '../../services/platform/sql-text.ts';
import type { AlertEvent } from '../../services/records/alert.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { alertRow } from '../../services/sink/rows/alert.ts';
import { dateTime } from '../../services/sink/rows/time.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { PAYLOADS, STEERS } from '../support/payloads.ts';
import { bothOutputs, openClickHouseForTest } from '../support/pipeline.ts';
import { alertEvent, T } from '../support/records.ts';
import { rowByName } from '../support/row-by-name.ts';

/** Each payload in every text of an alert that an attacker may have chosen, stored in the real engine, asked for by the console and by commands. */
const DATABASE = `injection_${process.pid}`;
const HOUR = 3_600_000;
const TEXTS = PAYLOADS.map(({ text }) => text);
/** Where each costs a few questions: some of every kind. */
const SOME = TEXTS.filter((_, place) => place % 8 === 0);

let server: TestClickHouse;
let clickHouse: ClickHouse;
let site: Console;
const logged: string[] = [];

function hostile(text: string): AlertEvent {
  const { alert, ...event } = alertEvent();
  const about = { subject_type: 'account' as const, subject_id: text, first_seen: T, signatures: [] };
  return {
    ...event,
    alert: {
      ...alert,
      ...about,
      alert_id: `a_${text}`,
      linking_evidence: [{ kind: 'payment_bin', attribute: text, accounts: 2, weight: 0.5 }],
      sample_accounts: [text, `${text} too`],
      sample_event_ids: [text],
      summary: `One account. ${text}`,
      cohort: `${text}/chat/${text}/calls-4^3`,
      query: reproduce({
        database: DATABASE,
        alert: { ...about, alert_id: `a_${text}`, revision: alert.revision },
        judged: { from: T, to: T + HOUR, leastCalls: null },
        until: T + HOUR,
        countsMinutes: false,
      }),
    },
  };
}

before(async () => {
  server = await startClickHouseForTest();
  clickHouse = openClickHouseForTest(server.url, DATABASE);
  await migrateUp(clickHouse, DATABASE);
  await clickHouse.insert(
    'alerts',
    TEXTS.map((text) => rowByName(alertRow, hostile(text))),
    'test',
  );
  const end = dateTime(T + HOUR);
  await clickHouse.insert(
    'cluster_windows',
    TEXTS.map((text, place) => ({
      subject_type: 'account',
      subject_id: text,
      window_size: 'hour',
      window_start: dateTime(T),
      window_end: end,
      first_seen: dateTime(T),
      last_seen: end,
      cohort: text,
      verdict: 'harvesting',
      calls: place + 1,
      accounts: 1,
    })),
    'test',
  );
  const log = pino({}, { write: (line) => logged.push(line) });
  site = createConsole({
    clickhouse: clickHouse,
    database: DATABASE,
    log,
    now: Date.now,
    port: 0,
    requestsPerMinute: 1_000_000,
  });
});
after(async () => {
  await site?.close();
  await clickHouse?.command(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await clickHouse?.close();
  await server?.stop();
});

test('a text in SQL is that text and nothing else, and a name is one name', async () => {
  assert.ok(TEXTS.length >= 500);
  const [found] = await clickHouse.query<{ texts: string[] }>(`SELECT [${TEXTS.map(literal).join(', ')}] AS texts`);
  assert.deepEqual(found?.texts, TEXTS);
  const names = TEXTS.map((text) => `n ${text}`).filter((text) => !text.includes('\0'));
  const [row] = await clickHouse.query<Record<string, number>>(
    `SELECT ${names.map((name, place) => `${place} AS ${identifier(name)}`).join(', ')}`,
  );
  assert.deepEqual(Object.keys(row ?? {}), names);
});

test('the SQL of an alert asks for its own account, whatever the account is called', async () => {
  for (const text of SOME) {
    const rows = await clickHouse.query(hostile(text).alert.query);
    // The calls of this account, told from all others.
    assert.deepEqual(rows, [{ exchange_count: TEXTS.indexOf(text) + 1 }], JSON.stringify(text));
  }
  const [count] = await clickHouse.query<{ count: number }>(
    `SELECT toUInt32(count()) AS count FROM ${DATABASE}.alerts`,
  );
  assert.equal(count?.count, TEXTS.length);
});

async function ask(url: string, payload?: object): Promise<{ status: number; answer: Record<string, unknown> }> {
  const { statusCode, headers, body } = await site.app.inject({
    url,
    method: payload === undefined ? 'GET' : 'POST',
    ...(payload === undefined ? {} : { payload }),
  });
  // What is no page cannot become one, whatever is in it.
  assert.equal(headers['content-type'], 'application/json; charset=utf-8', url);
  assert.equal(headers['x-content-type-options'], 'nosniff', url);
  for (const [name, value] of Object.entries(headers)) assert.doesNotMatch(`${name}${value}`, /evil|owned/i);
  return { status: statusCode, answer: JSON.parse(body) };
}

test('the console lists and shows every alert with its texts as they are, and as JSON only', async () => {
  const listed: unknown[] = [];
  let next: unknown = null;
  do {
    const { answer } = await ask(
      `/api/alerts?limit=200${next === null ? '' : `&before=${encodeURIComponent(String(next))}`}`,
    );
    assert.ok(Array.isArray(answer['alerts']));
    listed.push(...answer['alerts'].map(({ subject_id }) => subject_id));
    ({ next } = answer);
  } while (next !== null);
  assert.deepEqual(listed.sort(), [...TEXTS].sort());
  for (const text of SOME) {
    const { alert } = hostile(text);
    const { status, answer } = await ask(`/api/alerts/${encodeURIComponent(alert.alert_id)}`);
    assert.equal(status, 200, JSON.stringify(text));
    for (const name of [
      'subject_id',
      'sample_accounts',
      'sample_event_ids',
      'linking_evidence',
      'summary',
      'cohort',
      'query',
    ] as const)
      assert.deepEqual(answer[name], alert[name], `${name} of ${JSON.stringify(text)}`);
  }
});

test('a file to keep is named by plain letters, whatever the alert is called', async () => {
  for (const text of SOME) {
    const { headers, body } = await site.app.inject({ url: `/api/alerts/${encodeURIComponent(`a_${text}`)}/case` });
    assert.match(String(headers['content-disposition']), /^attachment; filename="a_[\w.-]{1,98}\.json"$/);
    assert.equal(JSON.parse(body).subject_id, text);
  }
});

test('what people write is stored and shown as they wrote it, and what is logged of it is one line each', async () => {
  for (const text of SOME) {
    const id = `a_${text}`;
    const note = `I think: ${text}`;
    const marked = await ask(`/api/alerts/${encodeURIComponent(id)}/marks`, {
      mark: 'true',
      by: text.slice(0, 100),
      note,
    });
    assert.equal(marked.status, 201, JSON.stringify(text));
    const { answer } = await ask(`/api/alerts/${encodeURIComponent(id)}/marks`);
    assert.ok(Array.isArray(answer['marks']));
    assert.deepEqual(
      answer['marks'].map(({ note: said, marked_by }) => [said, marked_by]),
      [[note, text.slice(0, 100)]],
    );
  }
  const { answer } = await ask('/api/audit?limit=200');
  assert.ok(Array.isArray(answer['entries']));
  assert.deepEqual(
    answer['entries'].map(({ target, detail }) => [target, JSON.parse(detail).note]).sort(),
    SOME.map((text) => [`a_${text}`, `I think: ${text}`]).sort(),
  );
  assert.deepEqual(
    logged.filter((line) => line.slice(0, -1).includes('\n') || !line.endsWith('\n')),
    [],
  );
});

test('no command hands on to a terminal what would steer it, in words, as JSON, or saying what is wrong', async () => {
  const run = (...args: string[]) =>
    bothOutputs(args, { CLICKHOUSE_URL: server.url, STILLWATCH_CLICKHOUSE_DATABASE: DATABASE });
  const shown = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await run(...args);
    assert.doesNotMatch(stdout + stderr, STEERS, args.join(' '));
    return stdout;
  };
  const table = await shown('alerts', 'ls', '--limit', '1000');
  assert.equal(table.trimEnd().split('\n').length, 1 + TEXTS.length);
  const listed: { subject_id: string }[] = JSON.parse(await shown('alerts', 'ls', '--limit', '1000', '--json'));
  assert.deepEqual(listed.map(({ subject_id }) => subject_id).sort(), [...TEXTS].sort());
  const steering = ['\u001b[31mred', '\u009d0;owned\u009c', 'a\u202egpj.exe', 'a\r\n[12:00:00] INFO: forged'];
  for (const text of steering) {
    const id = `a_${text}`;
    await ask(`/api/alerts/${encodeURIComponent(id)}/marks`, { mark: 'false', by: 'kim', note: text });
    assert.match(await shown('alerts', 'show', id), /note: /);
    const { marks } = JSON.parse(await shown('alerts', 'show', id, '--json'));
    assert.equal(marks[0].note, text);
    assert.equal(JSON.parse(await shown('alerts', 'export', id)).alert_id, id);
  }
  await assert.rejects(run('alerts', 'show', 'a_none\u001b[31m\u009b2J'), ({ stderr }: { stderr: string }) => {
    assert.match(stderr, /there is no alert a_none/);
    assert.doesNotMatch(stderr, STEERS);
    return true;
  });
});
