import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ApiCall } from '../records/api-call.ts';
import { DAY_MS } from './arrivals.ts';
import type { Scenario } from './scenario.ts';
import { simulate } from './simulate.ts';

export interface WriteOptions {
  /** Folder; made if missing. Files in it with the same names are replaced. */
  out: string;
  scenario: Scenario;
  seed: number;
  gzip?: boolean;
  /** One file of calls a simulated day, `calls-YYYY-MM-DD.jsonl`, instead of `calls.jsonl`. */
  perDay?: boolean;
  /** Called about every ten thousand calls. */
  progress?: (calls: number, simulatedTime: number) => void;
}

export interface WriteResult {
  calls: number;
  /** Account versions. */
  accounts: number;
  files: string[];
}

const CHUNK_CHARACTERS = 1 << 18;
const PROGRESS_CALLS = 10_000;

/** One line a record; absent = null, so nulls are left out. */
function line(record: object): string {
  return `${JSON.stringify(record, (_key, value: unknown) => (value === null ? undefined : value))}\n`;
}

/** Big strings in place of lines: a stream costs more than a line does. */
function* chunked(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const text of lines) {
    chunk += text;
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

function* mapLines(records: Iterable<object>): Generator<string> {
  for (const record of records) yield line(record);
}

/** Writes `accounts.jsonl`, calls, `truth.jsonl` and `scenario.json`: the contract's JSON Lines and the labels. Rejects with the file system's error. */
export async function writeSimulation(options: WriteOptions): Promise<WriteResult> {
  const { out, scenario, seed, gzip = false, perDay = false, progress } = options;
  const end = gzip ? '.jsonl.gz' : '.jsonl';
  await mkdir(out, { recursive: true });
  const files: string[] = [];
  const write = async (name: string, lines: Iterable<string>): Promise<void> => {
    const path = join(out, name);
    const source = Readable.from(chunked(lines), { objectMode: false });
    const target = createWriteStream(path);
    // Level 1: the files are read once or twice, time matters more than their size.
    await (gzip ? pipeline(source, createGzip({ level: 1 }), target) : pipeline(source, target));
    files.push(path);
  };

  const simulation = simulate(scenario, seed);
  await writeFile(join(out, 'scenario.json'), `${JSON.stringify({ seed, ...scenario }, null, 2)}\n`);
  files.push(join(out, 'scenario.json'));
  await write(`truth${end}`, mapLines(simulation.truth));
  await write(`accounts${end}`, mapLines(simulation.accounts));

  let calls = 0;
  const iterator = simulation.calls[Symbol.iterator]();
  let next = iterator.next();
  function* until(time: number): Generator<string> {
    while (!next.done && next.value.occurred_at < time) {
      yield callLine(next.value);
      next = iterator.next();
    }
  }
  function callLine(call: ApiCall): string {
    calls += 1;
    if (progress !== undefined && calls % PROGRESS_CALLS === 0) progress(calls, call.occurred_at);
    return line(call);
  }
  if (!perDay) await write(`calls${end}`, until(Number.POSITIVE_INFINITY));
  else {
    for (let day = 0; day < scenario.days; day += 1) {
      const start = scenario.start + day * DAY_MS;
      await write(`calls-${new Date(start).toISOString().slice(0, 10)}${end}`, until(start + DAY_MS));
    }
  }
  return { calls, accounts: simulation.accounts.length, files };
}
