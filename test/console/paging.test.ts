import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Console } from '../../services/console/console.ts';
import { dateTime } from '../../services/sink/rows/time.ts';
import { CAMPAIGN, CLUSTER, ODD_ID, RESOLVED, startSeededTables } from './seeded.ts';

let tables: Awaited<ReturnType<typeof startSeededTables>>;
let server: Console;
const NOW = Date.now();

before(async () => {
  tables = await startSeededTables();
  server = tables.console({ now: () => NOW });
});
after(async () => {
  await server?.close();
  await tables?.stop();
});

interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** All pages of a list, one after the other. */
async function pagesOf<Row>(path: string, name: string): Promise<Page<Row>[]> {
  const pages: Page<Row>[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const key: string = next === '' ? '' : `&before=${encodeURIComponent(next)}`;
    const answer = (await server.app.inject(`${path}${key}`)).json();
    pages.push({ rows: answer[name], next: answer.next });
    ({ next } = answer);
  }
  return pages;
}

test('entries of one millisecond are on one page or another of the audit log, none on two', async () => {
  const entries = Array.from({ length: 25 }, (_, number) => ({
    audited_at: dateTime(NOW - Math.floor(number / 10)),
    author: 'kim',
    role: '',
    action: 'mark alert',
    target: `a_${number}`,
    detail: '{}',
    address: '127.0.0.1',
  }));
  await tables.clickHouse.insert('audit_log', entries, 'entries');
  const pages = await pagesOf<{ target: string; audited_at_ms: number }>('/api/audit?limit=4', 'entries');
  assert.deepEqual(
    pages.map(({ rows }) => rows.length),
    [4, 4, 4, 4, 4, 4, 1],
  );
  const rows = pages.flatMap(({ rows }) => rows);
  assert.deepEqual(new Set(rows.map(({ target }) => target)), new Set(entries.map(({ target }) => target)));
  const times = rows.map(({ audited_at_ms }) => audited_at_ms);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  );
});

test('however many silences there were, every one is reached, and those in force by themselves', async () => {
  const row = (number: number, target_type: string, target_id: string, ends: number) => ({
    silence_id: `s_${number}`,
    target_type,
    target_id,
    starts_at: dateTime(NOW - 1_000 - Math.floor(number / 50)),
    ends_at: dateTime(ends),
    author: 'kim',
    reason: `number ${number}`,
    written_at: dateTime(NOW),
  });
  const over = Array.from({ length: 230 }, (_, number) => row(number, 'alert', CAMPAIGN, NOW - 1));
  const inForce = [row(500, 'cluster', CLUSTER, NOW + 60_000), row(501, 'alert', ODD_ID, NOW + 60_000)];
  await tables.clickHouse.insert('silences', [...over, ...inForce], 'silences');
  type Row = { silence_id: string; open_alerts: number };
  const idsOf = (pages: Page<Row>[]) => pages.flatMap(({ rows }) => rows.map(({ silence_id }) => silence_id));
  const all = idsOf(await pagesOf<Row>('/api/silences?limit=100', 'silences'));
  assert.equal(all.length, 232);
  assert.equal(new Set(all).size, 232);
  assert.equal(idsOf(await pagesOf<Row>('/api/silences?state=over&limit=200', 'silences')).length, 230);
  const [first] = await pagesOf<Row>('/api/silences?state=in_force', 'silences');
  // The campaign and its sub-population are both about the cluster.
  assert.deepEqual(
    Object.fromEntries(first?.rows.map(({ silence_id, open_alerts }) => [silence_id, open_alerts]) ?? []),
    {
      s_500: 2,
      s_501: 1,
    },
  );
});

test('every page of the alerts says how many fit, of both statuses, and so does one without alerts', async () => {
  const ask = async (query: string) => (await server.app.inject(`/api/alerts?${query}`)).json();
  const all = { open: 4, resolved: RESOLVED };
  const first = await ask('status=resolved&limit=50');
  assert.deepEqual(first.counts, all);
  const second = await ask(`status=resolved&limit=50&before=${encodeURIComponent(first.next)}`);
  assert.deepEqual([second.alerts.length, second.next, second.counts], [RESOLVED - 50, null, all]);
  assert.deepEqual((await ask(`status=resolved&before=${encodeURIComponent('1~a')}`)).counts, all);
  assert.deepEqual((await ask('status=resolved&severity=page')).counts, { open: 2, resolved: 0 });
  assert.deepEqual((await ask('text=nothing%20of%20this')).counts, { open: 0, resolved: 0 });
});
