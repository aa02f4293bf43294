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
  const told = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await ask();
    } catch (cause) {
      throw new DatabaseFailure(cause);
    }
  };
  return {
    query: <Row>(sql: string, parameters?: Record<string, unknown>) => told(() => query<Row>(sql, parameters)),
    insert: (table, rows, token) => told(() => insert(table, rows, token)),
  };
}
