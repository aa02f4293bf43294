import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ReplayDifference } from '../../services/replay/compare.ts';
import { RULES, TEXT } from '../rules/rules-text.ts';
import { readLines, stillwatch } from '../support/pipeline.ts';

let folder = '';
const file = (name: string): string => join(folder, name);
const endsWith = (code: number, says: RegExp) => (error: Error & { code?: number; stdout?: string; stderr?: string }) =>
  error.code === code && says.test(`${error.stdout}${error.stderr}`);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-rules-command-'));
  await writeFile(file('good.yaml'), TEXT);
  await writeFile(file('bad.yaml'), TEXT.replace('least_accounts', 'least_acounts'));
  await writeFile(
    file('ended.yaml'),
    TEXT.replace('allow: []', 'allow:\n  - { kind: account, value: a, owner: o, reason: r, expires: 2020-01-01 }'),
  );
  await writeFile(file('stricter.yaml'), TEXT.replace(/page_from: [\d.]+/, 'page_from: 1'));
  await stillwatch(['simulate', '--scenario', 'small', '--seed', '11', '--out', file('traffic'), '--quiet']);
});
after(() => rm(folder, { recursive: true, force: true }));

test('lint says where and what was meant, and its exit code tells errors from warnings', async () => {
  await stillwatch(['rules', 'lint', file('good.yaml')]);
  await assert.rejects(
    stillwatch(['rules', 'lint', file('good.yaml'), file('bad.yaml')]),
    endsWith(1, /bad\.yaml:\d+:7: error: .*did you mean least_accounts\?/),
  );
  assert.match(
    await stillwatch(['rules', 'lint', file('ended.yaml')]),
    /warning: allow\.0\.expires: .*ended on 2020-01-01/,
  );
  await assert.rejects(stillwatch(['rules', 'lint', '--strict', file('ended.yaml')]), endsWith(1, /1 warning/));
  await assert.rejects(stillwatch(['rules', 'lint']), endsWith(2, /missing required argument/));
  const problems: { line: number; severity: string }[] = JSON.parse(
    await stillwatch(['rules', 'lint', '--json', file('ended.yaml')]),
  );
  assert.deepEqual(
    problems.map(({ severity }) => severity),
    ['warning'],
  );
});

test('test runs feature cases and simulated traffic, shows what differs, and fails with 1', async () => {
  await writeFile(
    file('cases.yaml'),
    `rules: good.yaml
tests:
  - name: linkage alone
    subject: { accounts: 40, calls: 500 }
    features: { evenness_excess: 0.05, evenness_gini: 0.1, arrival_dispersion: 1, active_share: 0.95, hours_active_share: 1 }
    expect: { severity: page }
  - name: traffic
    traffic: { scenario: small, seed: 11 }
    expect: { campaign_accounts_paged: [2, 2], other_accounts_paged: 0 }
`,
  );
  await assert.rejects(
    stillwatch(['rules', 'test', file('cases.yaml')]),
    endsWith(
      1,
      /FAIL {2}.*linkage alone\n {8}severity: expected page, found info\nFAIL {2}.*traffic\n {8}campaign_accounts_paged: expected 2 to 2, found (?:0\.\d+|1)\n0 passed, 2 failed/,
    ),
  );
});

test('backtest says which alerts and accounts two rule files see differently', async () => {
  const traffic = ['--calls', file('traffic/calls.jsonl'), '--accounts', file('traffic/accounts.jsonl')];
  const run = (...args: string[]): Promise<string> => stillwatch(['backtest', ...args, ...traffic]);
  const both = ['--rules', file('good.yaml'), '--rules', file('stricter.yaml')];
  const difference: ReplayDifference & { a: { hash: string } } = JSON.parse(await run(...both, '--json'));
  assert.equal(difference.a.hash, RULES.hash);
  assert.ok(difference.alerts.length > 0);
  for (const { alert_id, change, a, b } of difference.alerts) {
    assert.equal(a?.severity, 'page');
    // Whom the stricter file never pages as a whole it has no reason to page in part.
    if (change === 'only_a') assert.match(alert_id, /~product$/);
    else assert.deepEqual([change, b?.severity], ['severity', 'ticket']);
  }
  assert.ok(difference.alerts.some(({ change }) => change === 'severity'));
  assert.ok(difference.accounts.length > 0);
  assert.match(
    await run('--rules', file('good.yaml'), '--rules', file('good.yaml')),
    /alerts: no difference, \d+ the same/,
  );
  await assert.rejects(run('--rules', file('good.yaml')), endsWith(2, /give it twice/));
});

test('a replay changes rules at the time that it is told', async () => {
  const noon = '2026-04-22T12:00:00Z';
  await stillwatch(
    ['replay', '--rules', file('good.yaml'), '--rules', `${file('stricter.yaml')}@${noon}`, '--out', file('replayed')]
      .concat(['--calls', file('traffic/calls.jsonl')])
      .concat(['--accounts', file('traffic/accounts.jsonl')]),
  );
  const alerts = await readLines<{ updated_at: number; rules_hash: string }>(file('replayed/alerts.jsonl'));
  for (const { updated_at, rules_hash } of alerts)
    assert.equal(rules_hash === RULES.hash, updated_at < Date.parse(noon), new Date(updated_at).toISOString());
});

test('diff says what two files say differently, and ends with 1 only when that is asked for', async () => {
  const diff = (...args: string[]): Promise<string> => stillwatch(['rules', 'diff', ...args]);
  const both = [file('good.yaml'), file('stricter.yaml')];
  assert.match(await diff(...both), /^where +A +B\nalerts\.page_from +0\.6 +1$/m);
  await assert.rejects(diff(...both, '--exit-code'), endsWith(1, /page_from/));
  const { a, changes } = JSON.parse(await diff(...both, '--json'));
  assert.deepEqual(a, { name: both[0], hash: RULES.hash });
  assert.deepEqual(changes, [{ path: 'alerts.page_from', a: 0.6, b: 1 }]);
  assert.equal(await diff(file('good.yaml'), file('good.yaml'), '--exit-code'), 'no difference\n');
  await assert.rejects(diff(file('good.yaml'), file('bad.yaml')), endsWith(1, /bad\.yaml:\d+/));
  await assert.rejects(diff(file('good.yaml'), file('none.yaml')), endsWith(1, /there is no file/));
});

test('schema prints what editors need, the same as beside the rules', async () => {
  const printed = await stillwatch(['rules', 'schema', '--json']);
  const beside = await readFile(new URL('../../infra/rules/stillwatch.schema.json', import.meta.url), 'utf8');
  assert.deepEqual(JSON.parse(printed), JSON.parse(beside));
});

test('test writes what a build server reads, and fails where cases leave something out when that is asked for', async () => {
  await writeFile(
    file('few.yaml'),
    `rules: good.yaml
tests:
  - name: a <quiet> office & its "editor"
    subject: { calls: 500 }
    features: { rubric_grading_share: 0.1 }
    expect: { severity: none, signatures: { rubric-grading: [0, 0] } }
  - name: wrong
    subject: { calls: 500 }
    features: { rubric_grading_share: 0.5 }
    expect: { severity: page, signatures: { rubric-grading: [0, 0.5] } }
`,
  );
  const junit = file('rules.xml');
  await assert.rejects(
    stillwatch(['rules', 'test', file('few.yaml'), '--junit', junit]),
    endsWith(1, /1 passed, 1 failed/),
  );
  const xml = await readFile(junit, 'utf8');
  assert.match(
    xml,
    /<testsuites name="stillwatch rules test" tests="2" failures="1">\n {2}<testsuite name=".*few\.yaml" tests="2" failures="1">/,
  );
  assert.match(xml, /name="a &lt;quiet&gt; office &amp; its &quot;editor&quot;"\/>/);
  assert.match(
    xml,
    /<failure message="severity: expected page, found none">severity: .*\nsignatures\.rubric-grading: expected 0 to 0\.5, found 1<\/failure>/,
  );

  const lines = (await readFile(file('few.yaml'), 'utf8')).split('\n');
  await writeFile(file('few.yaml'), lines.slice(0, 6).join('\n'));
  await stillwatch(['rules', 'test', file('few.yaml')]);
  await assert.rejects(
    stillwatch(['rules', 'test', file('few.yaml'), '--coverage']),
    endsWith(1, /1 passed, 0 failed\n[\s\S]*signature +rubric-grading +0 +1 +NOT COVERED/),
  );
});
