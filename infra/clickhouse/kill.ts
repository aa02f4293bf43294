import type { Engine } from './engine.ts';
import { quote } from './quote.ts';

/** `KILL QUERY ... SYNC` never returns in chdb; and the engine knows no query ids of HTTP requests, so these travel as log_comment (settings.ts). */
export function killable(sql: string): string {
  return sql.replace(/\bquery_id\b/g, QUERY_ID).replace(/\bSYNC\b/i, 'ASYNC');
}

const QUERY_ID = "Settings['log_comment']";

/** Asks the queries of a request to end; does not wait for it. */
export function killQuery(engine: Engine, queryId: string): void {
  kill(engine, `${QUERY_ID} = ${quote(queryId)}`);
}

export function killAll(engine: Engine): void {
  kill(engine, '1');
}

function kill(engine: Engine, condition: string): void {
  const connection = engine.connect();
  connection
    .queryUnlimited(`KILL QUERY WHERE ${condition} ASYNC`, 'TSV')
    .catch(() => undefined) // The queries ended by themselves meanwhile: what was wanted.
    .finally(() => connection.close());
}
