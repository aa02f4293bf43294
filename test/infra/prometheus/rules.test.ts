import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { declaredMetrics } from '../../support/declared-metrics.ts';
import { readPromql } from '../../support/promql.ts';

const run = promisify(execFile);
const PROMTOOL = process.env['PROMTOOL'] ?? '/usr/bin/promtool';
const INFRA = join(import.meta.dirname, '../../../infra');
const RULES = join(INFRA, 'prometheus/rules.yaml');

const rulesSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook_url: z.url() }),
        }),
      ),
    }),
  ),
});

const alerts = async () => {
  const { groups } = rulesSchema.parse(parse(await readFile(RULES, 'utf8')));
  return groups.flatMap(({ rules }) => rules);
};

test('promtool accepts the rules and the configuration that loads them', async () => {
  const checked = await run(PROMTOOL, ['check', 'rules', RULES]);
  assert.match(checked.stdout, /SUCCESS: \d+ rules found/);
  const configured = await run(PROMTOOL, [
    'check',
    'config',
    '--syntax-only',
    join(INFRA, 'prometheus/prometheus.yaml'),
  ]);
  assert.match(configured.stdout, /SUCCESS/);
});

test('every alert fires on what it is for, and not on what looks like it', async () => {
  const cases = join(import.meta.dirname, 'rules-test.yaml');
  const { stdout } = await run(PROMTOOL, ['test', 'rules', cases]);
  assert.match(stdout, /SUCCESS/);
  const text = await readFile(cases, 'utf8');
  for (const { alert, labels } of await alerts())
    assert.match(
      text,
      new RegExp(`alertname: ${alert}\\b[\\s\\S]*?severity: ${labels.severity}`),
      `${alert} has no case`,
    );
});

test('every alert has a runbook that says what it means, what to check, what to do and when to stop', async () => {
  const folder = join(INFRA, 'runbooks');
  const linked = new Set<string>();
  for (const { annotations } of await alerts()) {
    const page = annotations.runbook_url.replace(/^http:\/\/127\.0\.0\.1:8080\/runbooks\//, '');
    const text = await readFile(join(folder, page), 'utf8');
    assert.match(text, /^# [\w ]+/);
    for (const heading of [/What it means/, /What to check/, /What to do/, /When (to stop|it stops)/])
      assert.match(text, new RegExp(`^\\*\\*${heading.source}\\.\\*\\*`, 'm'), page);
    linked.add(page);
  }
  // What stillwatch finds links to these itself, in its own alerts.
  const campaigns = ['coordinated-pool.md', 'harvesting.md'];
  assert.deepEqual((await readdir(folder)).sort(), [...linked, ...campaigns].sort());
});

test('a runbook names only metrics and pages that there are', async () => {
  const declared = await declaredMetrics();
  for (const page of await readdir(join(INFRA, 'runbooks'))) {
    const text = await readFile(join(INFRA, 'runbooks', page), 'utf8');
    for (const [metric] of text.matchAll(/\b(stillwatch|nodejs|process)_\w+/g))
      assert.ok(declared.has(metric), `${page}: there is no metric ${metric}`);
    for (const [, file = ''] of text.matchAll(/\]\(([^)#]+)\)/g))
      await assert.doesNotReject(access(join(INFRA, 'runbooks', file)), `${page}: ${file}`);
  }
});

test('every metric and label that a rule asks for is declared by a service', async () => {
  const declared = await declaredMetrics();
  const labelsOfAll = new Set([...declared.values()].flatMap((labels) => [...labels]));
  for (const { alert, expr, annotations } of await alerts()) {
    const { selectors, grouping } = readPromql(expr);
    for (const { metric, labels } of selectors) {
      const known = declared.get(metric);
      assert.ok(known, `${alert}: there is no metric ${metric}`);
      for (const label of labels) assert.ok(known.has(label), `${alert}: ${metric} has no label ${label}`);
    }
    for (const label of grouping) assert.ok(labelsOfAll.has(label), `${alert}: there is no label ${label}`);
    for (const [, label = ''] of `${annotations.summary}${annotations.description}`.matchAll(/\$labels\.(\w+)/g))
      assert.ok(labelsOfAll.has(label), `${alert}: there is no label ${label}`);
  }
});
