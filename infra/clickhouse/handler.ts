import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Body, type BodyLimits, createSpillFile, dropSpillFile, readBody } from './body.ts';
import { authenticate, type Credentials } from './credentials.ts';
import type { Connection, Engine } from './engine.ts';
import { errorText } from './errors.ts';
import { type Exchange, sendStream, sendWhole } from './response.ts';
import type { Lease, Sessions } from './sessions.ts';
import { preparation, readSettings, settingNames } from './settings.ts';
import { awaitsData, hasBlankLine, insertFromFile, quote, readStatement, splitInlineData } from './statement.ts';

export interface HandlerDeps {
  engine: Engine;
  connect(): Connection;
  sessions: Sessions;
  credentials: Credentials;
  limits: BodyLimits;
  version: string;
  timezone: string;
}

/** Formats whose result may be cut anywhere between rows; the others need the whole of it. */
const STREAMED =
  /^(JSONEachRow|JSONLines|NDJSON|JSONStringsEachRow|JSONCompactEachRow|JSONCompactStringsEachRow|TSV|TabSeparated|TSVRaw|TabSeparatedRaw|CSV|RowBinary|Native|LineAsString|RawBLOB)$/;

/** One request from its head to its last byte. Errors are thrown in ClickHouse's form; server.ts turns them into an answer. */
export function createHandler(
  deps: HandlerDeps,
): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> {
  const { engine, connect, sessions, credentials, limits, version, timezone } = deps;

  const killOnClose = (queryId: string): void => {
    const connection = connect();
    engine
      .QueryAsyncConnection(connection, `KILL QUERY WHERE Settings['log_comment'] = ${quote(queryId)} ASYNC`, 'TSV')
      .catch(() => undefined) // it ended by itself meanwhile
      .finally(() => engine.CloseConnection(connection));
  };

  return async (request, response, url) => {
    const parameters = url.searchParams;
    const queryId = parameters.get('query_id') || randomUUID();
    response.setHeader('X-ClickHouse-Query-Id', queryId);
    response.setHeader('X-ClickHouse-Server-Display-Name', 'chdb');
    response.setHeader('X-ClickHouse-Timezone', timezone);
    authenticate(request, parameters, credentials);
    const inUrl = parameters.get('query') ?? '';
    const given = await takeQuery(
      request,
      parameters,
      inUrl,
      await readBody(request, /^\s*INSERT\b/i.test(inUrl), limits),
    );
    try {
      const header = request.headers['x-clickhouse-format'];
      const statement = readStatement(
        given.sql,
        parameters.get('default_format') ?? (typeof header === 'string' ? header : null),
      );
      const exchange: Exchange = { request, response, parameters, format: statement.format };
      const isEmpty = given.body.kind === 'memory' && given.body.bytes.length === 0;
      if (statement.isInsert && given.fromUrl && isEmpty && awaitsData(statement.sql))
        return sendWhole(exchange, Buffer.alloc(0));
      const settings = readSettings(parameters, queryId, request.method === 'GET');
      const lease = sessions.lease(parameters);
      let running = true;
      response.once('close', () => {
        if (running && settings.get('cancel_http_readonly_queries_on_client_close') === '1')
          killOnClose(settings.get('log_comment') ?? queryId);
      });
      try {
        const before = preparation(settings, parameters, lease.dirty);
        lease.dirty = settingNames(settings);
        for (const sql of before) await engine.QueryAsyncConnection(lease.connection, sql, 'TSV');
        if (statement.isInsert) await runInsert(exchange, lease, statement.sql, given);
        else await runQuery(exchange, lease, statement.sql, given.body, statement.isSelect);
      } finally {
        running = false;
        lease.release();
      }
    } finally {
      if (given.body.kind === 'file') await dropSpillFile(given.body.file);
    }
  };

  async function runInsert(exchange: Exchange, lease: Lease, sql: string, given: Given): Promise<void> {
    const inline = given.fromUrl ? null : splitInlineData(sql);
    const statement = inline?.sql ?? sql;
    const body: Body = inline === null ? given.body : { kind: 'memory', bytes: inline.data };
    if (body.kind === 'file') return await insertFile(exchange, lease, statement, body.file.name);
    if (body.bytes.length === 0) return await runQuery(exchange, lease, statement, body, false);
    if (!hasBlankLine(body.bytes)) {
      const { rowsWritten, bytesWritten, elapsed } = await engine.InsertRawAsyncConnection(
        lease.connection,
        statement,
        body.bytes,
        false,
      );
      return sendWhole(exchange, Buffer.alloc(0), elapsed, undefined, { rows: rowsWritten, bytes: bytesWritten });
    }
    const file = await createSpillFile(limits.folder);
    try {
      await file.handle.writeFile(body.bytes);
      await insertFile(exchange, lease, statement, file.name);
    } finally {
      await dropSpillFile(file);
    }
  }

  async function insertFile(exchange: Exchange, lease: Lease, sql: string, file: string): Promise<void> {
    const { rowsRead, bytesRead, elapsed } = await engine.QueryAsyncConnection(
      lease.connection,
      insertFromFile(sql, file),
      'TSV',
    );
    sendWhole(exchange, Buffer.alloc(0), elapsed, undefined, { rows: rowsRead, bytes: bytesRead });
  }

  async function runQuery(exchange: Exchange, lease: Lease, sql: string, body: Body, isSelect: boolean): Promise<void> {
    const whole = body.kind === 'memory' && body.bytes.length > 0 ? `${sql}\n${body.bytes.toString()}` : sql;
    if (isSelect && STREAMED.test(exchange.format) && exchange.parameters.get('wait_end_of_query') !== '1') {
      const stream = startStream(lease.connection, whole, exchange.format);
      if (stream !== null) return await sendStream(engine, exchange, stream, (error) => errorText(error, version));
    }
    const result = await engine.QueryAsyncConnection(lease.connection, whole, exchange.format);
    const read = { rows: result.rowsRead, bytes: result.bytesRead };
    sendWhole(exchange, result.bytes, result.elapsed, read, { rows: result.rowsWritten, bytes: result.bytesWritten });
  }

  function startStream(connection: Connection, sql: string, format: string): object | null {
    try {
      return engine.StreamQuery(connection, sql, format);
    } catch (error) {
      if (error instanceof Error && /Streaming query is not supported/.test(error.message)) return null;
      throw error;
    }
  }
}

interface Given {
  sql: string;
  body: Body;
  /** The statement stood in the URL, the body is its data. */
  fromUrl: boolean;
}

/** The statement stands in the URL, in the body, or in a multipart form together with its parameters. */
async function takeQuery(
  request: IncomingMessage,
  parameters: URLSearchParams,
  inUrl: string,
  body: Body,
): Promise<Given> {
  const nothing: Body = { kind: 'memory', bytes: Buffer.alloc(0) };
  const type = request.headers['content-type'] ?? '';
  let sql = inUrl;
  let rest = body;
  if (type.startsWith('multipart/form-data') && body.kind === 'memory') {
    const form = await new Response(new Uint8Array(body.bytes), { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) {
      const text = typeof value === 'string' ? value : await value.text();
      if (name === 'query') sql += text;
      else parameters.append(name, text);
    }
    rest = nothing;
  }
  if (sql !== '' || rest.kind === 'file') return { sql, body: rest, fromUrl: true };
  return { sql: rest.bytes.toString(), body: nothing, fromUrl: false };
}
