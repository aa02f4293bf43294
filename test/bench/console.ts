import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startClickHouse } from '../../infra/clickhouse/start.ts';
import { createConsole } from '../../services/console/console.ts';
import { type ClickHouse, createClickHouse } from '../../services/platform/clickhouse.ts';
import { openPage, startBrowser } from '../browser/browser.ts';
import { quantile } from '../support/quantile.ts';
import { ACCOUNTS, accountId, alertId, clusterId, DAYS, dayOf, fillTables } from './console-load.ts';
import type { BenchResult, BenchRun } from './result.ts';

const DATABASE = 'bench';
const REPEATS = 40;
const PAGES = 10;

/** The ten things that on-call asks for, of the console's API or by the cookbook's SQL; each time for another account, cluster or alert. */
const QUESTIONS: readonly { what: string; ask(tools: Tools, n: number): Promise<unknown> }[] = [
  { what: 'open alerts', ask: ({ get }) => get('/api/alerts?status=open&limit=50') },
  { what: 'alerts about an account', ask: ({ get }, n) => get(`/api/alerts?text=${accountId(n * 7)}`) },
  {
    what: 'sparklines of 50 alerts',
    ask: ({ get }, n) =>
      get(`/api/trends?${Array.from({ length: 50 }, (_, i) => `subject_id=${clusterId(n + i)}`).join('&')}`),
  },
  { what: 'an alert', ask: ({ get }, n) => get(`/api/alerts/${alertId(n * 31)}`) },
  { what: "an alert's case", ask: ({ get }, n) => get(`/api/alerts/${alertId(n * 17)}/case`) },
  { what: 'an account, by hour', ask: ({ get }, n) => get(`/api/accounts/${accountId(n * 997)}`) },
  { what: 'an account, by day', ask: ({ get }, n) => get(`/api/accounts/${accountId(n * 991)}?size=day`) },
  { what: 'a cluster', ask: ({ get }, n) => get(`/api/clusters/${clusterId(n * 9)}`) },
  { what: 'the pipeline', ask: ({ get }) => get('/api/pipeline') },
  {
    what: 'the loudest accounts of a day that are in no cluster',
    ask: ({ clickHouse }, n) =>
      clickHouse.query(
        `SELECT account_id, calls, product_share, template_concentration FROM ${DATABASE}.account_windows FINAL
         WHERE window_size = 'day' AND toDate(window_start) = {day:Date}
           AND account_id NOT IN (SELECT account_id FROM ${DATABASE}.assignments GROUP BY account_id HAVING argMax(cluster_id, version) != '')
         ORDER BY calls DESC LIMIT 50`,
        { day: dayOf(n % DAYS) },
      ),
  },
];

interface Tools {
  get(path: string): Promise<unknown>;
  clickHouse: ClickHouse;
}

/** What people wait for, with a month of windows behind it. */
export async function benchConsole(): Promise<BenchResult> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-bench-'));
  const server = await startClickHouse({ dir });
  const clickHouse = createClickHouse({ url: server.url, database: DATABASE });
  const log = pino({ level: 'silent' });
  try {
    await fillTables(clickHouse, DATABASE, (line) => process.stderr.write(`${line}\n`));
    const board = createConsole({
      clickhouse: clickHouse,
      database: DATABASE,
      log,
      now: Date.now,
      port: 0,
      requestsPerMinute: 1_000_000,
    });
    const { url } = await board.listen();
    try {
      const get = async (path: string): Promise<unknown> => {
        const response = await fetch(new URL(path, url));
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
        return await response.json();
      };
      const runs: BenchRun[] = [];
      for (const { what, ask } of QUESTIONS) runs.push(await timed(what, REPEATS, (n) => ask({ get, clickHouse }, n)));
      runs.push(await firstPage(url), await stored(clickHouse));
      return {
        name: 'console',
        input: `${DAYS} days of ${ACCOUNTS * 25} account windows, in one engine of two threads; each question ${REPEATS} times`,
        runs,
        ratios: {},
      };
    } finally {
      await board.close();
    }
  } finally {
    await clickHouse.close();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function timed(what: string, times: number, ask: (n: number) => Promise<unknown>): Promise<BenchRun> {
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const begun = performance.now();
    await ask(n);
    took.push(performance.now() - begun);
  }
  return {
    what,
    figures: [
      { value: quantile(took, 0.95), unit: 'ms p95' },
      { value: quantile(took, 0.5), unit: 'ms p50' },
    ],
  };
}

/** From asking for the page until the list of alerts is seen, in a browser that has never been there. */
async function firstPage(url: string): Promise<BenchRun> {
  const browser = await startBrowser();
  try {
    return await timed('the first page, until its alerts are seen', PAGES, async () => {
      const { page, close } = await openPage(browser, url);
      await page.getByText(/open,/).first().waitFor();
      await page
        .getByRole('link', { name: /^cluster / })
        .first()
        .waitFor();
      await close();
    });
  } finally {
    await browser.close();
  }
}

async function stored(clickHouse: ClickHouse): Promise<BenchRun> {
  const [found] = await clickHouse.query<{ kept: number; bytes: number }>(
    `SELECT toFloat64(sum(rows)) AS kept, toFloat64(sum(data_compressed_bytes)) AS bytes FROM system.parts WHERE active AND database = '${DATABASE}' AND table = 'account_windows'`,
  );
  if (found === undefined) throw new Error('no parts');
  return {
    what: 'account windows as stored',
    figures: [
      { value: found.bytes / found.kept, unit: 'bytes a row' },
      { value: found.kept, unit: 'rows' },
    ],
  };
}
