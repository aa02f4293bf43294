import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { Logger } from 'pino';

export interface ClickHouseOptions {
  /** With credentials. */
  url: string;
  database: string;
  log: Logger;
}

/** The only way to ClickHouse: nothing else in the product loads @clickhouse/client. */
export interface ClickHouse {
  /** One insert, acknowledged when it is stored. The same token twice stores once. */
  insert(table: string, rows: readonly Record<string, unknown>[], deduplicationToken: string): Promise<void>;
  query<Row>(sql: string, parameters?: Record<string, unknown>): Promise<Row[]>;
  command(sql: string): Promise<void>;
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

const REQUEST_TIMEOUT = 60_000;
/** Below the server's (3 s on old ones): a connection that it has closed meanwhile must not be used. */
const KEEP_ALIVE = 2_000;

export function createClickHouse({ url, database, log }: ClickHouseOptions): ClickHouse {
  const client = createClient({
    url,
    request_timeout: REQUEST_TIMEOUT,
    keep_alive: { enabled: true, idle_socket_ttl: KEEP_ALIVE },
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { date_time_input_format: 'best_effort' },
  });
  return {
    async insert(table, rows, deduplicationToken) {
      await client.insert({
        table: `${database}.${table}`,
        values: [...rows],
        format: 'JSONEachRow',
        clickhouse_settings: { insert_deduplication_token: deduplicationToken, insert_deduplicate: 1 },
      });
    },
    async query<Row>(sql: string, parameters: Record<string, unknown> = {}) {
      const result = await client.query({ query: sql, query_params: parameters, format: 'JSONEachRow' });
      return await result.json<Row>();
    },
    async command(sql) {
      await client.command({ query: sql });
    },
    async ping() {
      const answer = await client.ping({ select: true });
      if (!answer.success) log.debug({ err: answer.error }, 'ClickHouse does not answer');
      return answer.success;
    },
    close: () => client.close(),
  };
}
