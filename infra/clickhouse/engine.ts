import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openFailure } from './data-folder.ts';
import { grantArguments } from './grants.ts';
import { createLimit, type Limit } from './limit.ts';
import { enginePackage, thisMachine } from './platform.ts';
import { StartError } from './start-error.ts';

/** libuv threads of the process: every running query holds one. */
export const THREADS = 32;

/** Threads that queries leave alone, so that `KILL QUERY` and uploads go on when all others are held by slow queries. */
const SPARE_THREADS = 4;

/** What a statement did. Rows and bytes written are not reported by the engine, not even for INSERT ... SELECT. */
export interface QueryResult {
  bytes: Uint8Array;
  elapsedSeconds: number;
  rowsRead: number | bigint;
  bytesRead: number | bigint;
}

/** A result that comes in pieces. */
export interface ResultStream {
  /** The next piece; null after the last. */
  next(): Promise<Uint8Array | null>;
  cancel(): void;
}

/** A session with the engine: settings, parameters, current database and temporary tables are its own. Runs one statement at a time. */
export interface Connection {
  query(sql: string, format: string): Promise<QueryResult>;
  /** The same beside the limit on running queries: for statements that take no time, like SET and KILL. */
  queryUnlimited(sql: string, format: string): Promise<QueryResult>;
  /**
   * Null for a statement that cannot be streamed. Analyses the statement on the calling thread, which for a scalar subquery includes running it.
   */
  stream(sql: string, format: string): ResultStream | null;
  /** Never while a statement runs: that aborts the process. */
  close(): void;
}

export interface Engine {
  version: string;
  timezone: string;
  connect(): Connection;
  /** After all connections: releases the folder's lock. */
  close(): void;
}

export interface EngineOptions {
  /** Made when absent; locked while the engine is open. */
  folder: string;
  /** What the engine may use in all, in bytes. */
  memoryBytes: number;
  /** All that a client may do; null: everything. */
  grants?: readonly string[] | null;
}

/** Throws when the platform is unsupported or the folder is locked by another process. */
export function openEngine({ folder, memoryBytes, grants = null }: EngineOptions): Engine {
  const addon = loadAddon();
  mkdirSync(folder, { recursive: true });
  const args = [`--max_server_memory_usage=${memoryBytes}`];
  if (grants !== null) args.push(...grantArguments(`${folder}-access`, grants));
  // Keeps the engine up: it shuts down when its last connection closes.
  const root = openFolder(addon, folder, args);
  const limit = createLimit(THREADS - SPARE_THREADS);
  const value = (sql: string): string =>
    Buffer.from(addon.QueryWithConnection(root, sql, 'TSV'))
      .toString()
      .trim();
  return {
    version: value('SELECT version()'),
    timezone: value('SELECT timezone()'),
    connect: () => createConnection(addon, addon.CreateConnection(folder, args), limit),
    close: () => addon.CloseConnection(root),
  };
}

function openFolder(addon: Addon, folder: string, args: readonly string[]): Native {
  try {
    return addon.CreateConnection(folder, args);
  } catch (error) {
    throw openFailure(folder, error);
  }
}

function createConnection(addon: Addon, native: Native, limit: Limit): Connection {
  const run = async (sql: string, format: string): Promise<QueryResult> => {
    const { bytes, elapsed, rowsRead, bytesRead } = await addon.QueryAsyncConnection(native, sql, format);
    return { bytes, elapsedSeconds: elapsed, rowsRead, bytesRead };
  };
  return {
    query: (sql, format) => limit(() => run(sql, format)),
    queryUnlimited: run,
    stream(sql, format) {
      const stream = startStream(addon, native, sql, format);
      if (stream === null) return null;
      return {
        async next() {
          const chunk = await limit(() => addon.StreamFetch(stream));
          return chunk.done ? null : chunk.bytes;
        },
        cancel: () => addon.StreamCancel(stream),
      };
    },
    close: () => addon.CloseConnection(native),
  };
}

function startStream(addon: Addon, native: Native, sql: string, format: string): Native | null {
  try {
    return addon.StreamQuery(native, sql, format);
  } catch (error) {
    if (error instanceof Error && error.message.includes('Streaming query is not supported')) return null;
    throw error;
  }
}

/** Something that only the addon can look into. */
type Native = object;

/**
 * The part of chdb's native addon that is used here. The addon itself and not chdb's JavaScript: that one leaks settings into later queries, buffers
 * whole results, and serialises all parameterised queries of the process.
 */
interface Addon {
  CreateConnection(folder: string, args: readonly string[]): Native;
  CloseConnection(connection: Native): void;
  QueryWithConnection(connection: Native, sql: string, format: string): Uint8Array;
  QueryAsyncConnection(connection: Native, sql: string, format: string): Promise<AddonResult>;
  StreamQuery(connection: Native, sql: string, format: string): Native;
  StreamFetch(stream: Native): Promise<{ done: boolean; bytes: Uint8Array }>;
  StreamCancel(stream: Native): void;
}

interface AddonResult {
  bytes: Uint8Array;
  elapsed: number;
  rowsRead: number | bigint;
  bytesRead: number | bigint;
}

function loadAddon(): Addon {
  const name = enginePackage(thisMachine());
  try {
    // chdb's engine package itself: the npm package `chdb` around it pulls in those of all platforms, some of which registries do not serve.
    const addon: Addon = createRequire(import.meta.url)(name);
    return addon;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new StartError(
      `the embedded ClickHouse (${name}) could not be loaded: ${reason}. Run npm ci, or set CLICKHOUSE_URL to a ClickHouse server of your own`,
      { cause: error },
    );
  }
}
