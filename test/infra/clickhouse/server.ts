import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { after } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
} from '@clickhouse/client';
import { startClickHouse } from '../../../infra/clickhouse/start.ts';

/** An engine of a test file's own, its client, and a database `app` to work in. All of it is gone after the file. */
export interface TestServer {
  url: string;
  dir: string;
  client: ClickHouseClient;
  /** A further client, closed with the server. */
  connect(options: ClickHouseClientConfigOptions): ClickHouseClient;
  /** Rows of a query. */
  rows(query: string, options?: Options): Promise<unknown[]>;
  command(sql: string): Promise<void>;
  /** `INSERT ... FORMAT x` with bytes of one's own; gives the summary header. */
  insertBytes(sql: string, bytes: Readable): Promise<Record<string, string>>;
  /** Queries running now whose text contains this. */
  running(text: string): Promise<number>;
}

export interface Options {
  client?: ClickHouseClient;
  query_params?: Record<string, unknown>;
  clickhouse_settings?: Record<string, string | number>;
  use_multipart_params?: boolean;
}

export async function startTestServer(): Promise<TestServer> {
  const dir = await temporaryFolder();
  const process = await startClickHouse({ dir, password: 'secret' });
  const clients: ClickHouseClient[] = [];
  const connect = (options: ClickHouseClientConfigOptions): ClickHouseClient => {
    const made = createClient({ url: process.url, log: { level: ClickHouseLogLevel.OFF }, ...options });
    clients.push(made);
    return made;
  };
  const client = connect({ max_open_connections: 50 });
  after(async () => {
    await Promise.all(clients.map((open) => open.close()));
    await process.stop();
  });
  await client.command({ query: 'CREATE DATABASE app' });

  const rows = async (query: string, { client: by = client, ...options }: Options = {}): Promise<unknown[]> => {
    const result = await by.query({ query, format: 'JSONEachRow', ...options });
    return await result.json();
  };
  return {
    url: process.url,
    dir,
    client,
    connect,
    rows,
    command: async (query) => void (await client.command({ query })),
    async insertBytes(query, values) {
      const result = await client.exec({ query, values });
      result.stream.resume();
      return { ...result.summary };
    },
    async running(text) {
      const found = await rows(
        'SELECT query_id FROM system.processes WHERE position(query, {text:String}) > 0 AND query NOT LIKE {own:String}',
        { query_params: { text, own: '%system.processes%' } },
      );
      return found.length;
    },
  };
}

/** Removed after the file, whatever is in it. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-clickhouse-'));
  after(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}

const PATIENCE_MS = 20_000;
const LOOK_AGAIN_MS = 20;

/** Waits for something of which the engine gives no notice. */
export async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, `not within ${PATIENCE_MS} ms: ${what}`);
    await pause(LOOK_AGAIN_MS);
  }
}

/** The call fails with ClickHouse's error code, as the client reads it. */
export async function failsWith(code: number, call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof ClickHouseError, String(error));
    assert.equal(Number(error.code), code, error.message);
    return true;
  });
}

/** All bytes of a stream. */
export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
