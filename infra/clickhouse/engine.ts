import { createRequire } from 'node:module';

/** A connection of the engine: a session of its own, with its settings, parameters and temporary tables. Opaque. */
export type Connection = object;

export interface QueryResult {
  bytes: Uint8Array;
  elapsed: number;
  rowsRead: number | bigint;
  bytesRead: number | bigint;
  rowsWritten: number | bigint;
  bytesWritten: number | bigint;
}

export interface StreamChunk {
  done: boolean;
  bytes: Uint8Array;
}

/**
 * The part of chdb's native addon that is used here. The addon itself and not chdb's JavaScript: that one allows only text formats for raw inserts (no
 * RowBinary) and serialises all parameterised queries of the process.
 */
export interface Engine {
  CreateConnection(folder: string, args: readonly string[]): Connection;
  CloseConnection(connection: Connection): void;
  QueryWithConnection(connection: Connection, sql: string, format: string): Uint8Array;
  QueryAsyncConnection(connection: Connection, sql: string, format: string): Promise<QueryResult>;
  InsertRawAsyncConnection(
    connection: Connection,
    sql: string,
    data: Uint8Array,
    compressed: boolean,
  ): Promise<QueryResult>;
  StreamQuery(connection: Connection, sql: string, format: string): object;
  StreamFetch(stream: object): Promise<StreamChunk>;
  StreamCancel(stream: object): void;
}

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
};

export function loadEngine(): Engine {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const hint = 'set CLICKHOUSE_URL to a ClickHouse of your own';
  if (name === undefined)
    throw new Error(`the embedded ClickHouse does not run on ${process.platform} ${process.arch}: ${hint}`);
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('chdb'));
    const engine: Engine = require(name);
    return engine;
  } catch (error) {
    throw new Error(
      `the embedded ClickHouse (${name}) could not be loaded; it needs glibc and AVX2. Run npm ci, or ${hint}`,
      { cause: error },
    );
  }
}
