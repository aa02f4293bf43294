import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSilenceStore, type EffectiveSilence, silencesInForce } from '../../services/feedback/silences.ts';
import { createClickHouse } from '../../services/platform/clickhouse.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { dateTime } from '../../services/sink/rows/time.ts';
import { startClickHouseForTest } from '../support/clickhouse.ts';
import { seededRandom } from '../support/random.ts';

const database = `idle_silences_${process.pid}`;
let server: Awaited<ReturnType<typeof startClickHouseForTest>>;
let clickHouse: ReturnType<typeof createClickHouse>;
before(async () => {
  server = await startClickHouseForTest();
  clickHouse = createClickHouse({ url: server.url, database });
  await migrateUp(clickHouse, database);
});
after(async () => {
  await clickHouse?.command(`DROP DATABASE IF EXISTS ${database}`);
  await clickHouse?.close();
  await server?.stop();
});

const HOUR = 3_600_000;
const BEGIN = Date.UTC(2026, 3, 22);
const at = (hours: number): number => BEGIN + hours * HOUR;

/** Set at 0 h, to end at 20 h. */
async function silenced(over: Partial<Record<'silence_id' | 'target_type' | 'target_id', string>>, idle: number) {
  const row = { target_type: 'cluster', target_id: over.silence_id, author: 'kim', reason: 'known', ...over };
  const times = { starts_at: dateTime(at(0)), ends_at: dateTime(at(20)), written_at: dateTime(at(0)) };
  await clickHouse.insert('silences', [{ ...row, ...times, idle_ms: idle * HOUR }], `${over.silence_id}`);
}

/** Messages about a cluster, hours after the silence was set. */
async function told(cluster: string, hours: readonly number[], over: Record<string, unknown> = {}): Promise<void> {
  const about = { alert_id: `a_${cluster}`, subject_type: 'cluster', subject_id: cluster, status: 'open', ...over };
  const rows = hours.map((hour) => ({
    ...about,
    revision: Math.round((hour + 1) * HOUR),
    emitted_at: dateTime(at(hour)),
  }));
  await clickHouse.insert('alerts', rows, `${cluster} ${JSON.stringify([hours, over])}`);
}

async function effectOf(id: string): Promise<[until: number, cause: string, kept: number] | undefined> {
  const listed = await createSilenceStore(clickHouse, database, Date.now).of([id]);
  return listed.map(effect)[0];
}

const effect = ({ until_ms, end_cause, kept_back }: EffectiveSilence): [number, string, number] => [
  (until_ms - BEGIN) / HOUR,
  end_cause,
  kept_back,
];

test('the first gap as long as its idle time ends it, and no message after that revives it', async () => {
  const cases: [name: string, idle: number, messages: number[], expected: [number, string, number]][] = [
    ['never idle', 0, [1, 9], [20, 'time', 2]],
    ['without a message', 4, [], [4, 'idle', 0]],
    ['kept busy', 4, [3, 6, 9, 12, 15, 18], [20, 'time', 6]],
    ['a gap', 4, [3, 8, 9, 10], [7, 'idle', 1]],
    ['a message just before the limit', 4, [3, 6.999, 10], [14, 'idle', 3]],
    ['a message exactly at the limit, which is told', 4, [3, 7, 8], [7, 'idle', 1]],
    ['the last gap ends with it', 4, [4 - 0.001, 8 - 0.002, 12 - 0.003, 16], [12 - 0.003 + 4, 'idle', 3]],
    ['idle exactly when it was set to end', 4, [3, 6, 9, 12, 16 - 0.001, 16], [20, 'time', 6]],
    ['longer than the silence', 24, [19], [20, 'time', 1]],
    ['a message as it begins, one as it ends, one before', 4, [-1, 0, 3, 6, 9, 12, 15, 18, 20], [20, 'time', 7]],
  ];
  for (const [name, idle, messages, expected] of cases) {
    await silenced({ silence_id: name }, idle);
    await told(name, messages);
    assert.deepEqual(await effectOf(name), expected, name);
  }
});

test('any messages: what it keeps back is what notify would, asking at each of them', async () => {
  const { below } = seededRandom(9);
  for (let round = 0; round < 40; round++) {
    const name = `drawn_${round}`;
    const idle = 1 + below(5);
    // Quarters of an hour, so that many are exactly at the limit.
    const drawn = Array.from({ length: below(25) }, () => below(92) / 4 - 1);
    const messages = [...new Set(drawn)].sort((a, b) => a - b);
    let until = idle;
    let kept = 0;
    for (const message of messages) {
      if (message < 0 || message >= Math.min(until, 20)) continue;
      until = message + idle;
      kept++;
    }
    await silenced({ silence_id: name }, idle);
    await told(name, messages);
    const expected = [Math.min(until, 20), until < 20 ? 'idle' : 'time', kept];
    assert.deepEqual(await effectOf(name), expected, `${name}, idle ${idle}: ${messages}`);
  }
});

test('a message about a part, and one that was stored twice, count once; an end, and an account of the same name, do not', async () => {
  await silenced({ silence_id: 'c_parts' }, 4);
  await told('c_parts', [3]);
  await told('c_parts', [3], { summary: 'again' });
  await told('c_parts~product', [6]);
  await told('c_parts', [9], { status: 'resolved' });
  await told('c_parts', [9.5], { subject_type: 'account', alert_id: 'a_other' });
  await told('c_parts_2', [9]);
  assert.deepEqual(await effectOf('c_parts'), [10, 'idle', 2]);
  await silenced({ silence_id: 'of the alert', target_type: 'alert', target_id: 'a_c_parts' }, 4);
  assert.deepEqual(await effectOf('a_c_parts'), [7, 'idle', 1]);
});

test('everybody has the same: one that was idle is not in force, is listed as over and cannot be ended', async () => {
  await silenced({ silence_id: 'c_same' }, 4);
  await told('c_same', [2]);
  const ids = (found: readonly EffectiveSilence[]) =>
    found.map(({ silence_id }) => silence_id).filter((id) => id === 'c_same');
  for (const [hours, isInForce] of [
    [5.9, true],
    [6, false],
    [7, false],
  ] as const) {
    const store = createSilenceStore(clickHouse, database, () => at(hours));
    const listed = async (state: 'in_force' | 'over') => ids(await store.list({ state, limit: 200, before: null }));
    const wanted = isInForce ? ['c_same'] : [];
    assert.deepEqual(ids(await silencesInForce(clickHouse, database, at(hours))), wanted, `${hours} h`);
    assert.deepEqual(await listed('in_force'), wanted, `${hours} h`);
    assert.deepEqual(await listed('over'), isInForce ? [] : ['c_same'], `${hours} h`);
  }
  const store = (hours: number) => createSilenceStore(clickHouse, database, () => at(hours));
  assert.equal(await store(6).end('c_same'), null);
  assert.notEqual(await store(5).end('c_same'), null);
  assert.deepEqual(await effectOf('c_same'), [5, 'somebody', 1]);
});
