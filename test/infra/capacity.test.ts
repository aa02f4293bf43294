import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import results from '../bench/results.json' with { type: 'json' };

const PAGE = readFileSync(join(import.meta.dirname, '../../infra/capacity.md'), 'utf8');
const RATES = [10_000, 100_000, 1_000_000];
/** Of a core: the rest stays free for catching up. */
const USED = 0.6;
const CORES = 8;
const DISK_TB = 16;
const DAYS = 400;
const DAY_S = 86_400;
const WINDOWS_A_CALL = 0.75;

/** The cells of the row that begins with these words, without those words. */
function row(head: string): string[] {
  const line = PAGE.split('\n').find((one) => one.startsWith(`| ${head} `)) ?? assert.fail(`no row "${head}"`);
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

function measured(bench: string, what: string, unit: string): number {
  const run = results.find(({ name }) => name === bench)?.runs.find((one) => one.what === what);
  const figure = run?.figures.find((one) => one.unit === unit);
  return figure?.value ?? assert.fail(`results.json has no ${unit} of ${bench}: ${what}`);
}

const threeDigits = (value: number): number => Number(value.toPrecision(3));
const numberIn = (text: string): number => Number(/\d[\d,.]*/.exec(text)?.[0].replaceAll(',', ''));
const numbersOf = (head: string): number[] => row(head).slice(-RATES.length).map(numberIn);

const CALLS = measured('calls', 'stillwatch calls', 'events per CPU-second');
const BROKER = measured('calls', 'stillwatch calls', "events per CPU-second of the broker's");
const CLUSTERS = measured('clusters', 'premerge and score', 'events per CPU-second');
const SINK = measured('sink', 'sink', 'events per CPU-second');
const CLICKHOUSE = measured('sink', 'sink', "events per CPU-second of ClickHouse's");
const LINKS = measured('links-million', 'even, 15 % popular', 'events per CPU-second');
const LINKS_MB = measured('links-million', 'even, 15 % popular', 'MB at most');
const ROW_BYTES = measured('console', 'account windows as stored', 'bytes a row');

for (const [head, value] of [
  ['`calls`, calls without text', threeDigits(CALLS)],
  ['the broker, for `calls` and all that it sends', threeDigits(BROKER)],
  ['`clusters`, both steps', threeDigits(CLUSTERS)],
  ['`sink`', threeDigits(SINK)],
  ['ClickHouse, inserting', threeDigits(CLICKHOUSE)],
  ['`links`', threeDigits(LINKS)],
  ['`links`, memory', Number((LINKS_MB / 1_000).toFixed(1))],
] as const)
  test(`what is said to be measured of ${head} is what the bench measured`, () => {
    assert.equal(numberIn(row(head)[0] ?? ''), value);
  });

test('a window is as large as the bench found it', () => {
  assert.match(PAGE, new RegExp(`a window ${Math.trunc(ROW_BYTES)} bytes in ClickHouse`));
});

for (const [head, each, perSecond] of [
  ['processes of `calls`, a core each', 1, CALLS],
  ['processes of `clusters`, a core each', WINDOWS_A_CALL, CLUSTERS],
  ['processes of `sink`, a core each', WINDOWS_A_CALL, SINK],
  ['cores of ClickHouse for inserts', WINDOWS_A_CALL, CLICKHOUSE],
  ['cores of brokers, three replicas', 3, BROKER],
] as const)
  test(`the ${head} follow from it`, () => {
    const divisor = threeDigits(perSecond * USED);
    assert.equal(row(head)[0], `${each === 1 ? '' : `${each} `}R / ${divisor.toLocaleString('en')}`);
    assert.deepEqual(
      numbersOf(head),
      RATES.map((rate) => Math.ceil((each * rate) / divisor)),
    );
  });

test('brokers and nodes follow from the cores and the disk above them', () => {
  const terabytes = RATES.map((rate) => (DAYS * ROW_BYTES * WINDOWS_A_CALL * DAY_S * rate) / 1e12);
  const byInserts = numbersOf('cores of ClickHouse for inserts').map((cores) => Math.ceil(cores / (CORES / 2)));
  const byDisk = terabytes.map((size) => Math.ceil(size / DISK_TB));
  const nodes = (disk: readonly number[]): number[] => disk.map((count, at) => 2 * Math.max(count, byInserts[at] ?? 0));
  assert.deepEqual(
    numbersOf('brokers'),
    numbersOf('cores of brokers, three replicas').map((cores) => Math.max(3, Math.ceil(cores / CORES) + 1)),
  );
  assert.deepEqual(numbersOf("ClickHouse's shards, for the inserts"), byInserts);
  for (const [at, size] of numbersOf("ClickHouse's disk, each row once, 400 days").entries())
    assert.ok(Math.abs(size / (terabytes[at] ?? 0) - 1) < 0.03, `${size} TB`);
  assert.deepEqual(numbersOf("ClickHouse's shards, for that disk"), byDisk);
  assert.deepEqual(numbersOf("ClickHouse's nodes"), nodes(byDisk));
  assert.deepEqual(
    numbersOf('the same where rows are kept for 30 days'),
    nodes(terabytes.map((size) => Math.ceil(((size / DAYS) * 30) / DISK_TB))),
  );
});
