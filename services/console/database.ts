import type { ClickHouse } from '../platform/clickhouse.ts';
import { messageOf } from '../platform/errors.ts';

export type Database = Pick<ClickHouse, 'query' | 'insert'>;

/** ClickHouse did not answer, or not as it should: for whoever asked, something else than a mistake of ours. */
export class DatabaseFailure extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = 'DatabaseFailure';
  }
}

/** The same, and what it rejects with is a DatabaseFailure. */
export function tellingFailures({ query, insert }: Database): Database {
  const failed = (cause: unknown): never => {
    throw new DatabaseFailure(cause);
  };
  return {
    query: async <Row>(sql: string, parameters?: Record<string, unknown>) =>
      await query<Row>(sql, parameters).catch(failed),
    insert: async (table, rows, token) => await insert(table, rows, token).catch(failed),
  };
}
