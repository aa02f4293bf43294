import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAlertStore } from '../../services/console/alert-store.ts';
import { createHandlingStore } from '../../services/feedback/handling.ts';
import { createSilenceStore, LONGEST_SILENCE, silencesInForce } from '../../services/feedback/silences.ts';
import { dateTime } from '../../services/sink/rows/time.ts';
import { CAMPAIGN, CLUSTER, ODD_ID, startSeededTables } from '../console/seeded.ts';

let tables: Awaited<ReturnType<typeof startSeededTables>>;
before(async () => {
  tables = await startSeededTables();
});
after(() => tables?.stop());

const alertNow = async (alertId: string) => {
  const found = await createAlertStore(tables.clickHouse.query, tables.database).show(alertId);
  assert.ok(found !== null);
  return found;
};
/** Each change at a later moment than the one before. */
let clock = Date.now();
const now = (): number => ++clock;

test('an acknowledgement of a ticket does not cover the page that it became', async () => {
  const { clickHouse, database } = tables;
  const row = {
    alert_id: CAMPAIGN,
    handled_at: dateTime(now()),
    action: 'acknowledged',
    assignee: '',
    author: 'kim',
    note: '',
  };
  await clickHouse.insert('alert_handling', [{ ...row, severity: 'ticket' }], 'as a ticket');
  assert.equal((await alertNow(CAMPAIGN)).is_acknowledged, false);
  const store = createHandlingStore(clickHouse, database, now);
  assert.deepEqual(await store.acknowledge([CAMPAIGN], true, 'lee', ''), {
    changed: [CAMPAIGN],
    already: [],
    unknown: [],
  });
  const { is_acknowledged, acknowledged_by } = await alertNow(CAMPAIGN);
  assert.deepEqual([is_acknowledged, acknowledged_by], [true, 'lee']);
});

test('the parts of a bulk change add up to what was asked for, ids named twice and far beyond one question counted once', async () => {
  const store = createHandlingStore(tables.clickHouse, tables.database, now);
  const nowhere = Array.from({ length: 1_200 }, (_, number) => `a_nowhere_${number}`);
  const outcome = await store.acknowledge([CAMPAIGN, ODD_ID, ODD_ID, ...nowhere], true, 'kim', '');
  assert.deepEqual([outcome.changed, outcome.already, outcome.unknown.length], [[ODD_ID], [CAMPAIGN], 1_200]);
  assert.deepEqual((await store.acknowledge([ODD_ID], false, 'kim', '')).changed, [ODD_ID]);
  assert.equal((await alertNow(ODD_ID)).is_acknowledged, false);
});

test('assigning leaves the acknowledgement as it is, and the last assignee holds', async () => {
  const store = createHandlingStore(tables.clickHouse, tables.database, now);
  assert.equal(await store.assign(CAMPAIGN, 'kim', 'lee', ''), true);
  assert.equal(await store.assign(CAMPAIGN, 'ada', 'lee', 'shift change'), true);
  assert.equal(await store.assign('a_nowhere', 'kim', 'lee', ''), false);
  const { assignee, is_acknowledged } = await alertNow(CAMPAIGN);
  assert.deepEqual([assignee, is_acknowledged], ['ada', true]);
  assert.deepEqual(
    (await store.list(CAMPAIGN)).map(({ action, author }) => `${action} ${author}`),
    ['assigned lee', 'assigned lee', 'acknowledged lee', 'acknowledged kim'],
  );
});

test('a silence of a cluster covers the alerts about its parts, and can be ended early, once', async () => {
  const store = createSilenceStore(tables.clickHouse, tables.database, now);
  const hour = Date.now() + 3_600_000;
  const wanted = {
    target_type: 'cluster',
    target_id: CLUSTER,
    ends_at_ms: hour,
    idle_ms: 0,
    author: 'kim',
    reason: 'known',
  } as const;
  const outcome = await store.add(wanted);
  assert.ok(outcome.ok);
  assert.equal((await alertNow(ODD_ID)).silenced_until_ms, hour);
  const inForce = () => silencesInForce(tables.clickHouse, tables.database, now());
  assert.deepEqual(await inForce(), [{ ...outcome.silence, until_ms: hour, end_cause: 'time', kept_back: 0 }]);
  const ended = await store.end(outcome.silence.silence_id);
  assert.deepEqual(await inForce(), []);
  assert.ok(ended !== null && ended.ends_at_ms < hour);
  assert.equal(await store.end(outcome.silence.silence_id), null);
  const [kept] = await store.of([CLUSTER]);
  assert.deepEqual([kept?.reason, kept?.until_ms, kept?.end_cause], ['known', ended.ends_at_ms, 'somebody']);
});

test('a silence says how many messages it kept back: those about its alert or cluster while it was in force', async () => {
  const { clickHouse, database } = tables;
  const [told] = await clickHouse.query<{ at: number; messages: number; others: number }>(
    `SELECT toUnixTimestamp64Milli(min(emitted_at)) AS at, countIf(alert_id = {id:String}) AS messages, countIf(alert_id = {part:String}) AS others FROM ${database}.alerts SETTINGS output_format_json_quote_64bit_integers = 0`,
    { id: CAMPAIGN, part: ODD_ID },
  );
  const { at, messages, others } = told ?? { at: 0, messages: 0, others: 0 };
  assert.ok(messages > 0 && others > 0);
  const silence = async (silence_id: string, target_type: string, target_id: string, from: number): Promise<void> => {
    const span = { starts_at: dateTime(from), ends_at: dateTime(from + 1) };
    const row = { silence_id, target_type, target_id, ...span, author: 'kim', reason: '', written_at: dateTime(at) };
    await clickHouse.insert('silences', [row], silence_id);
  };
  await silence('of the alert', 'alert', CAMPAIGN, at);
  await silence('later', 'alert', CAMPAIGN, at + 1);
  await silence('of another', 'alert', 'a_nobody', at);
  await silence('of the cluster', 'cluster', CLUSTER, at);
  const listed = await createSilenceStore(clickHouse, database, now).list({ state: null, limit: 100, before: null });
  const keptBack = new Map(listed.map(({ silence_id, kept_back }) => [silence_id, Number(kept_back)]));
  const expected = { 'of the alert': messages, later: 0, 'of another': 0, 'of the cluster': messages + others };
  for (const [id, count] of Object.entries(expected)) assert.equal(keptBack.get(id), count, id);
});

test('a silence ends in the future, within thirty days', async () => {
  const store = createSilenceStore(tables.clickHouse, tables.database, now);
  for (const ends_at_ms of [clock - 1, clock + LONGEST_SILENCE + 60_000]) {
    const target = { target_type: 'alert', target_id: CAMPAIGN, idle_ms: 0, author: 'kim', reason: 'x' } as const;
    assert.equal((await store.add({ ...target, ends_at_ms })).ok, false);
  }
});

test('nothing of it changes a row that the detector wrote', async () => {
  const { clickHouse, database } = tables;
  const count = async (): Promise<unknown> =>
    await clickHouse.query(
      `SELECT sum(cityHash64(*)) AS hash, count() AS rows FROM ${database}.alerts UNION ALL SELECT sum(cityHash64(subject_id, window_end, verdict, confidence, calls)), count() FROM ${database}.cluster_windows`,
    );
  const beforehand = await count();
  await createHandlingStore(clickHouse, database, now).acknowledge([CAMPAIGN, ODD_ID], true, 'kim', '');
  assert.deepEqual(await count(), beforehand);
});
