import type { IncomingMessage, ServerResponse } from 'node:http';
import { dropFile } from './body.ts';
import { authenticate, type Credentials } from './credentials.ts';
import type { Connection, Engine } from './engine.ts';
import { errorText } from './errors.ts';
import { insertFromFile } from './insert-head.ts';
import { killQuery } from './kill.ts';
import { queryIdOf, readWork, type Work } from './request.ts';
import { type Exchange, sendWhole } from './response.ts';
import { isCuttable, sendStream } from './select-stream.ts';
import type { Sessions } from './sessions.ts';
import { preparation, readSettings, settingNames } from './settings.ts';
import type { Query } from './statement.ts';

export interface HandlerDeps {
  engine: Engine;
  sessions: Sessions;
  credentials: Credentials;
  /** Where the data of inserts waits. */
  folder: string;
}

/** Answers one request, to its last byte. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  parameters: URLSearchParams,
) => Promise<void>;

const DEFAULT_FORMAT = 'TabSeparated';
const NO_BYTES = new Uint8Array(0);

/** Errors are thrown, the engine's and this interface's alike in ClickHouse's form; server.ts makes an answer of them. */
export function createHandler({ engine, sessions, credentials, folder }: HandlerDeps): Handler {
  return async (request, response, parameters) => {
    const queryId = queryIdOf(parameters);
    response.setHeader('X-ClickHouse-Query-Id', queryId);
    response.setHeader('X-ClickHouse-Server-Display-Name', 'chdb');
    response.setHeader('X-ClickHouse-Timezone', engine.timezone);
    authenticate(request, parameters, credentials);
    const work = await readWork(request, parameters, folder);
    try {
      const format = outputFormat(work, parameters, request.headers['x-clickhouse-format']);
      const exchange: Exchange = { request, response, parameters, format };
      if (work.kind === 'insert' && work.file === null)
        sendWhole(exchange, NO_BYTES, { elapsedSeconds: 0, written: { rows: 0, bytes: 0 } });
      else await answer(exchange, work, readSettings(parameters, queryId, request.method === 'GET'));
    } finally {
      if (work.kind === 'insert' && work.file !== null) await dropFile(work.file);
    }
  };

  async function answer(exchange: Exchange, work: Work, settings: ReadonlyMap<string, string>): Promise<void> {
    const lease = sessions.lease(exchange.parameters);
    const stopWatching = killOnClose(exchange.response, settings);
    try {
      const before = preparation(settings, exchange.parameters, lease.takeLastSettings());
      lease.keepSettings(settingNames(settings));
      for (const sql of before) await lease.connection.queryUnlimited(sql, DEFAULT_FORMAT);
      await run(exchange, lease.connection, work);
    } finally {
      stopWatching();
      lease.release();
    }
  }

  async function run(exchange: Exchange, connection: Connection, work: Work): Promise<void> {
    if (work.kind === 'query') return await runQuery(exchange, connection, work);
    const { rowsRead, bytesRead, elapsedSeconds } = await connection.query(
      insertFromFile(work.head, work.file ?? ''),
      DEFAULT_FORMAT,
    );
    sendWhole(exchange, NO_BYTES, { elapsedSeconds, written: { rows: rowsRead, bytes: bytesRead } });
  }

  async function runQuery(
    exchange: Exchange,
    connection: Connection,
    { sql, canStream, isKill }: Query,
  ): Promise<void> {
    const mayStream = canStream && isCuttable(exchange.format) && exchange.parameters.get('wait_end_of_query') !== '1';
    const stream = mayStream ? connection.stream(sql, exchange.format) : null;
    if (stream !== null) return await sendStream(exchange, stream, (error) => errorText(error, engine.version));
    const run = isKill ? connection.queryUnlimited : connection.query;
    const { bytes, rowsRead, bytesRead, elapsedSeconds } = await run(sql, exchange.format);
    // 0 is also what the engine says of INSERT ... SELECT, whatever that reads.
    const read = rowsRead > 0 ? { read: { rows: rowsRead, bytes: bytesRead } } : {};
    sendWhole(exchange, bytes, { elapsedSeconds, ...read });
  }

  /** As a server does it, only where the client asked for it. Gives what ends the watch. */
  function killOnClose(response: ServerResponse, settings: ReadonlyMap<string, string>): () => void {
    const queryId = settings.get('log_comment');
    if (queryId === undefined || settings.get('cancel_http_readonly_queries_on_client_close') !== '1')
      return () => undefined;
    const kill = (): void => killQuery(engine, queryId);
    response.once('close', kill);
    return () => response.off('close', kill);
  }
}

function outputFormat(work: Work, parameters: URLSearchParams, header: string | string[] | undefined): string {
  const named = work.kind === 'query' ? work.format : null;
  return named ?? parameters.get('default_format') ?? (typeof header === 'string' ? header : DEFAULT_FORMAT);
}
