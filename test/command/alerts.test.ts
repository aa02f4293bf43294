import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAuditLog } from '../../services/feedback/audit.ts';
import type { Alert, AlertSignature } from '../../services/records/alert.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { alertRow } from '../../services/sink/rows/alert.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { bothOutputs, openClickHouseForTest, stillwatch } from '../support/pipeline.ts';
import { alertEvent, T } from '../support/records.ts';
import { rowByName } from '../support/row-by-name.ts';

const DATABASE = `alerts_command_${process.pid}`;
let server: TestClickHouse;
let folder = '';

const scored = (name: string, score: number): AlertSignature => ({ name, version: 1, score, features: [] });
const alert = (over: Partial<Alert>) =>
  rowByName(alertRow, { ...alertEvent(), alert: { ...alertEvent().alert, ...over } });

/** The command against the test's database; rejects with its exit code. */
const alerts = (...args: string[]): Promise<string> => stillwatch(['alerts', ...args], environment());
const environment = () => ({ CLICKHOUSE_URL: server.url, STILLWATCH_CLICKHOUSE_DATABASE: DATABASE });
const failsWith = (code: number, says: RegExp) => (error: Error & { code?: number; stderr?: string }) =>
  error.code === code && says.test(error.stderr ?? '');

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-alerts-'));
  server = await startClickHouseForTest();
  const clickHouse = openClickHouseForTest(server.url, DATABASE);
  await migrateUp(clickHouse, DATABASE);
  const both = [scored('template-enumeration', 0.9), scored('rubric-grading', 0)];
  await clickHouse.insert(
    'alerts',
    [
      alert({ alert_id: 'a_1', revision: 1, signatures: both, subject_id: 'c_1' }),
      alert({ alert_id: 'a_1', revision: 2, signatures: both, subject_id: 'c_1', status: 'resolved' }),
      alert({ alert_id: 'a_2', signatures: [...both, scored('hydra-load-balancing', 0.5)], severity: 'ticket' }),
      alert({ alert_id: 'a_3', signatures: both }),
    ],
    'test',
  );
  await clickHouse.close();
});
after(async () => {
  const clickHouse = openClickHouseForTest(server.url, DATABASE);
  await clickHouse.command(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await clickHouse.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What the audit log says, oldest first, without when and from which machine. */
async function audited(): Promise<unknown[]> {
  const clickHouse = openClickHouseForTest(server.url, DATABASE);
  try {
    const rows = await createAuditLog(clickHouse, DATABASE, Date.now).list(null, 100);
    return rows
      .reverse()
      .map(({ author, role, action, target, detail }) => [author, role, action, target, JSON.parse(detail)]);
  } finally {
    await clickHouse.close();
  }
}

test('a rehearsal says what would be, and changes and writes down nothing', async () => {
  assert.equal(await alerts('ack', 'a_1', 'a_2', '--dry-run'), '2 would be acknowledged\n');
  assert.equal(await alerts('mark', 'a_1', 'true', '--note', 'why', '--dry-run'), 'a_1 would be marked true\n');
  await assert.rejects(
    alerts('mark', 'a_9', 'true', '--note', 'why', '--dry-run'),
    failsWith(1, /there is no alert a_9/),
  );
  await assert.rejects(alerts('ack', 'a_9', '--dry-run'), failsWith(1, /there is no alert a_9/));
  const { marks, is_acknowledged } = JSON.parse(await alerts('show', 'a_1', '--json'));
  assert.deepEqual([marks, is_acknowledged], [[], false]);
  assert.deepEqual(await audited(), []);
});

test('each change is in the audit log, with who made it', async () => {
  await alerts('mark', 'a_3', 'false', '--by', 'kim', '--note', 'theirs');
  await alerts('ack', 'a_3', '--by', 'lee');
  await alerts('ack', 'a_3', '--undo', '--by', 'lee', '--note', 'away');
  assert.deepEqual(await audited(), [
    ['kim', '', 'mark alert', 'a_3', { mark: 'false', duplicate_of: null, note: 'theirs' }],
    ['lee', '', 'acknowledge alerts', 'a_3', { alert_ids: ['a_3'], note: '' }],
    ['lee', '', 'take back acknowledgement', 'a_3', { alert_ids: ['a_3'], note: 'away' }],
  ]);
});

test('ls lists the latest revision of each alert, and filters', async () => {
  const rows: { alert_id: string; status: string }[] = JSON.parse(await alerts('ls', '--json'));
  assert.deepEqual(rows.map(({ alert_id, status }) => [alert_id, status]).sort(), [
    ['a_1', 'resolved'],
    ['a_2', 'open'],
    ['a_3', 'open'],
  ]);
  assert.match(await alerts('ls', '--severity', 'ticket'), /a_2 /);
  assert.doesNotMatch(await alerts('ls', '--severity', 'ticket'), /a_3/);
  const of = async (signature: string) => {
    const found: { alert_id: string }[] = JSON.parse(await alerts('ls', '--signature', signature, '--json'));
    return found.map(({ alert_id }) => alert_id).sort();
  };
  assert.deepEqual(await of('hydra-load-balancing'), ['a_2']);
  assert.deepEqual(await of('rubric-grading'), [], 'without a score it has no part');
  await assert.rejects(alerts('ls', '--signature', 'rubrik'), failsWith(2, /rubric-grading/));
});

test('marks are kept, the last one holds, and precision is of marked alerts by signature and week', async () => {
  await alerts('mark', 'a_1', 'false', '--by', 'kim', '--note', 'nightly evaluation');
  await alerts('mark', 'a_1', 'true', '--by', 'kim', '--note', "it wasn't; see it's traffic");
  await alerts('mark', 'a_2', 'false', '--by', 'lee', '--note', 'a classroom');
  await alerts('mark', 'a_3', 'duplicate', '--of', 'a_1', '--by', 'kim', '--note', 'the same cards');
  const shown = JSON.parse(await alerts('show', 'a_1', '--json'));
  assert.deepEqual(
    shown.marks.map(({ mark, note }: { mark: string; note: string }) => [mark, note]),
    [
      ['true', "it wasn't; see it's traffic"],
      ['false', 'nightly evaluation'],
    ],
  );
  const rows: Record<string, unknown>[] = JSON.parse(await alerts('precision', '--json'));
  assert.deepEqual(
    rows.map(({ week, signature, marked_true, marked, precision }) => [
      week,
      signature,
      Number(marked_true),
      Number(marked),
      precision,
    ]),
    [
      ['2026-04-20', 'hydra-load-balancing', 0, 1, 0],
      ['2026-04-20', 'template-enumeration', 1, 2, 0.5],
    ],
    `a signature without a score has no part; the week of ${new Date(T).toISOString()} begins on its Monday`,
  );
  assert.match(await alerts('precision'), /template-enumeration +1 +2 +0\.50/);
  assert.doesNotMatch(await alerts('precision', '--signature', 'hydra-load-balancing'), /template/);
});

test('an alert that is not there is an error, wrong use is another', async () => {
  await assert.rejects(alerts('show', 'a_9'), failsWith(1, /there is no alert a_9.*alerts ls/));
  await assert.rejects(alerts('mark', 'a_9', 'true', '--note', 'x'), failsWith(1, /there is no alert a_9/));
  await assert.rejects(alerts('mark', 'a_1', 'maybe', '--note', 'x'), failsWith(2, /true, false, duplicate/));
  await assert.rejects(alerts('mark', 'a_1', 'duplicate', '--note', 'x'), failsWith(2, /names the alert/));
  await assert.rejects(alerts('mark', 'a_1', 'true'), failsWith(2, /--note/));
  await assert.rejects(alerts('mark', 'a_1', 'true', '--note', ' '), failsWith(2, /says why/));
  await assert.rejects(alerts('allow', 'a_1', '--owner', 'o'), failsWith(2, /--reason/));
});

test('an exception is made from the alert, and written into the rules, which stay as they were', async () => {
  const file = join(folder, 'rules.yaml');
  const rules = await readFile(new URL('../../infra/rules/stillwatch.yaml', import.meta.url), 'utf8');
  await writeFile(file, rules);
  const why = ['--owner', 'trust@example.org', '--reason', 'nightly evaluation', '--expires', '2026-12-31'];
  assert.deepEqual(JSON.parse(await alerts('allow', 'a_1', ...why, '--json')), {
    kind: 'cluster',
    value: 'c_1',
    owner: 'trust@example.org',
    reason: 'nightly evaluation',
    expires: '2026-12-31',
  });
  assert.equal(await readFile(file, 'utf8'), rules);
  await alerts('allow', 'a_1', ...why, '--rules', file, '--write');
  const written = await readFile(file, 'utf8');
  assert.ok(written.startsWith(rules.slice(0, rules.indexOf('allow: []'))));
  assert.match(written, / {2}- kind: cluster\n {4}value: c_1\n {4}owner: trust@example.org/);
  await assert.rejects(
    alerts('allow', 'a_1', ...why.with(-1, 'soon'), '--rules', file, '--write'),
    failsWith(1, /expires/),
  );
  assert.equal(await readFile(file, 'utf8'), written);
});

test('an exception says which stored alerts it would hide before it is written', async () => {
  const why = ['--owner', 'o', '--reason', 'r', '--expires', '2099-12-31'];
  const said = async (...more: string[]): Promise<string> =>
    (await bothOutputs(['alerts', 'allow', 'a_1', ...why, ...more], environment())).stderr;
  assert.match(
    await said(),
    /it would hide 2 of the 2 alerts.*:\nalert +status .*\n(.*\n)?a_2 +open +ticket +harvesting/,
  );
  assert.match(await said('--kind', 'cluster', '--value', 'c_nowhere'), /it would hide none of the 2 alerts/);
  assert.match(await said('--kind', 'asn', '--value', 'AS64500'), /is not known: they do not hold AS numbers/);
});

test('ack holds once, and says which alerts do not exist', async () => {
  assert.match(await alerts('ack', 'a_1', 'a_2', '--by', 'kim'), /2 acknowledged/);
  assert.match(await alerts('ack', 'a_2', '--by', 'lee'), /0 acknowledged, 1 had been before/);
  await assert.rejects(alerts('ack', 'a_3', 'a_none', '--by', 'kim'), failsWith(1, /there is no alert a_none/));
  assert.match(await alerts('ack', 'a_1', 'a_2', 'a_3', '--undo', '--by', 'kim'), /3 taken back/);
});

test('export prints the whole case, what people made of it included', async () => {
  await alerts('ack', 'a_2', '--by', 'kim', '--note', 'calling them');
  const found: { alert_id: string; exported_at: string; handling: { note: string }[] } = JSON.parse(
    await alerts('export', 'a_2'),
  );
  assert.equal(found.alert_id, 'a_2');
  assert.ok(found.handling.some(({ note }) => note === 'calling them'));
  await assert.rejects(alerts('export', 'a_none'), failsWith(1, /there is no alert a_none/));
});
