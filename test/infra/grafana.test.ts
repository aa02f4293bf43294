import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ClickHouse } from '../../services/platform/clickhouse.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { startClickHouseForTest, type TestClickHouse } from '../support/clickhouse.ts';
import { declaredMetrics } from '../support/declared-metrics.ts';
import { openClickHouseForTest } from '../support/pipeline.ts';
import { readPromql } from '../support/promql.ts';

const GRAFANA = join(import.meta.dirname, '../../infra/grafana');
const DATABASE = `grafana_${process.pid}`;

const datasource = z.object({ type: z.string(), uid: z.string() });
const panelSchema = z.object({
  id: z.number(),
  type: z.string(),
  title: z.string(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  datasource: datasource.optional(),
  description: z.string().optional(),
  targets: z
    .array(
      z.object({
        datasource,
        expr: z.string().optional(),
        rawSql: z.string().optional(),
        legendFormat: z.string().optional(),
      }),
    )
    .default([]),
});
const dashboardSchema = z.object({ uid: z.string(), title: z.string(), panels: z.array(panelSchema) });
type Panel = z.infer<typeof panelSchema>;

async function dashboards(): Promise<z.infer<typeof dashboardSchema>[]> {
  const folder = join(GRAFANA, 'dashboards');
  const files = await readdir(folder);
  return Promise.all(
    files.map(async (file) => dashboardSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')))),
  );
}

const shown = async (): Promise<Panel[]> =>
  (await dashboards()).flatMap(({ panels }) => panels).filter(({ type }) => type !== 'row');

let server: TestClickHouse;
let clickHouse: ClickHouse;
before(async () => {
  server = await startClickHouseForTest();
  clickHouse = openClickHouseForTest(server.url, DATABASE);
  await migrateUp(clickHouse, DATABASE);
});
after(async () => {
  await clickHouse.command(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await clickHouse.close();
  await server.stop();
});

test('every metric and label of a panel is declared by a service', async () => {
  const declared = await declaredMetrics();
  const expressions = (await shown()).flatMap(({ title, targets }) => targets.map((target) => ({ title, ...target })));
  assert.ok(expressions.filter(({ expr }) => expr !== undefined).length > 20);
  for (const { title, expr, legendFormat = '' } of expressions) {
    if (expr === undefined) continue;
    const { selectors, grouping } = readPromql(expr.replaceAll('$__rate_interval', '1m'));
    for (const { metric, labels } of selectors) {
      const known = declared.get(metric);
      assert.ok(known, `${title}: there is no metric ${metric}`);
      const inLegend = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      for (const label of [...labels, ...grouping, ...inLegend])
        assert.ok(known.has(label), `${title}: ${metric} has no label ${label}`);
    }
  }
});

test('every query of a panel runs on the tables as the migrations make them', async () => {
  const queries = (await shown()).flatMap(({ title, targets }) =>
    targets.flatMap(({ rawSql }) => (rawSql === undefined ? [] : [{ title, rawSql }])),
  );
  assert.ok(queries.length > 10);
  for (const { title, rawSql } of queries) {
    const sql = rawSql
      .replaceAll(/\$__timeFilter\((\w+)\)/g, '$1 >= toDateTime(0) AND $1 <= toDateTime(4000000000)')
      .replaceAll('stillwatch.', `${DATABASE}.`);
    assert.ok(!sql.includes('$'), `${title} has a macro that this test does not know`);
    await assert.doesNotReject(clickHouse.query(sql), title);
  }
});

test('every panel says what it shows, has a source that is provisioned, and lies on no other', async () => {
  const provisioned = z
    .object({ datasources: z.array(z.object({ uid: z.string(), type: z.string() })) })
    .parse(parse(await readFile(join(GRAFANA, 'provisioning/datasources/stillwatch.yaml'), 'utf8')));
  const known = new Map(provisioned.datasources.map(({ uid, type }) => [uid, type]));
  for (const { title, panels } of await dashboards()) {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, `${title}: two panels of one id`);
    const taken = new Set<string>();
    for (const { title: panel, type, gridPos, datasource: source, description, targets } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.ok(x < 24 && !taken.has(`${x}/${y}`), `${panel} lies on another`);
          taken.add(`${x}/${y}`);
        }
      if (type === 'row') continue;
      assert.ok((description ?? '').length > 5, `${panel} has no description`);
      assert.ok(targets.length > 0, panel);
      for (const each of [source, ...targets.map((target) => target.datasource)])
        assert.equal(known.get(each?.uid ?? ''), each?.type, `${panel}: ${each?.uid} is not provisioned`);
    }
  }
});
