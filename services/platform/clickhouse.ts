import { rootCertificates } from 'node:tls';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { explainClickHouse } from './clickhouse-errors.ts';
import type { TlsFiles } from './config/tls.ts';
import { decodedUserInfo } from './config/user-info.ts';

export interface ClickHouseOptions {
  /** With credentials, unless they are given beside it. */
  url: string;
  username?: string;
  password?: string;
  tls?: TlsFiles;
  database: string;
  /** Tables are distributed over several servers. */
  isCluster?: boolean;
}

/** Rows by name; or, where they are many and wide, the names once and the values of each row in that order. */
export type Rows =
  | readonly Record<string, unknown>[]
  | { columns: readonly string[]; values: readonly (readonly unknown[])[] };

/** The only way to ClickHouse: nothing else in the product loads @clickhouse/client. */
export interface ClickHouse {
  /** One insert, acknowledged when it is stored. The same token twice stores once. Rejects when the signal is aborted; whether it was stored is then unknown. */
  insert(table: string, rows: Rows, deduplicationToken: string, signal?: AbortSignal): Promise<void>;
  query<Row>(sql: string, parameters?: Record<string, unknown>): Promise<Row[]>;
  command(sql: string): Promise<void>;
  /** Asks something of no consequence. Rejects with CLICKHOUSE_UNREACHABLE or CLICKHOUSE_REFUSED. */
  check(): Promise<void>;
  close(): Promise<void>;
}

const REQUEST_TIMEOUT = 60_000;
/** An insert is acknowledged when the shards have it, and a subquery is asked of all of them. */
const CLUSTER_SETTINGS = { distributed_foreground_insert: 1, distributed_product_mode: 'global' } as const;
/** Below the server's (3 s on old ones): a connection that it has closed meanwhile must not be used. */
const KEEP_ALIVE = 2_000;

export function createClickHouse({
  url,
  username,
  password,
  tls,
  database,
  isCluster = false,
}: ClickHouseOptions): ClickHouse {
  const address = new URL(url);
  const user = username || decodedUserInfo(address.username) || 'default';
  const known = password || decodedUserInfo(address.password);
  // The client would take what is in the address first.
  address.username = '';
  address.password = '';
  const client = createClient({
    url: address,
    username: user,
    password: known,
    ...tlsOptions(tls),
    request_timeout: REQUEST_TIMEOUT,
    keep_alive: { enabled: true, idle_socket_ttl: KEEP_ALIVE },
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { date_time_input_format: 'best_effort', ...(isCluster ? CLUSTER_SETTINGS : {}) },
  });
  return {
    async insert(table, rows, deduplicationToken, signal) {
      const isNamed = !('columns' in rows);
      await client.insert<unknown>({
        table: `${database}.${table}`,
        values: isNamed ? [...rows] : [rows.columns, ...rows.values],
        format: isNamed ? 'JSONEachRow' : 'JSONCompactEachRowWithNames',
        clickhouse_settings: { insert_deduplication_token: deduplicationToken, insert_deduplicate: 1 },
        ...(signal === undefined ? {} : { abort_signal: signal }),
      });
    },
    async query<Row>(sql: string, parameters: Record<string, unknown> = {}) {
      const result = await client.query({ query: sql, query_params: parameters, format: 'JSONEachRow' });
      return await result.json<Row>();
    },
    async command(sql) {
      await client.command({ query: sql });
    },
    async check() {
      const answer = await client.ping({ select: true });
      if (!answer.success) throw explainClickHouse(answer.error, { host: address.host, user });
    },
    close: () => client.close(),
  };
}

/** The client wants an authority wherever TLS is configured. */
function tlsOptions({ ca, cert, key }: TlsFiles = { ca: undefined, cert: undefined, key: undefined }) {
  if (ca === undefined && cert === undefined) return {};
  const ca_cert = ca ?? Buffer.from(rootCertificates.join('\n'));
  return { tls: cert === undefined || key === undefined ? { ca_cert } : { ca_cert, cert, key } };
}
