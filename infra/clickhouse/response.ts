import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib';
import type { Engine } from './engine.ts';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  parameters: URLSearchParams;
  format: string;
}

export interface Figures {
  rows: number | bigint;
  bytes: number | bigint;
}

const NOTHING: Figures = { rows: 0, bytes: 0 };

const ENCODERS: readonly [string, () => import('node:stream').Transform][] = [
  ['gzip', () => createGzip({ level: 1 })],
  ['zstd', () => createZstdCompress()],
  ['br', () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 2 } })],
  ['deflate', () => createDeflate({ level: 1 })],
];

export function contentType(format: string): string {
  if (format === 'CSV') return 'text/csv; charset=UTF-8; header=absent';
  if (format === 'CSVWithNames') return 'text/csv; charset=UTF-8; header=present';
  if (/^JSON(?!.*Row)/.test(format)) return 'application/json; charset=UTF-8';
  if (format.startsWith('JSON')) return 'application/x-ndjson; charset=UTF-8';
  if (/Binary|Native|Parquet|Arrow|ORC|BLOB/.test(format)) return 'application/octet-stream';
  return 'text/tab-separated-values; charset=UTF-8';
}

function begin({ request, response, parameters, format }: Exchange): Writable {
  response.statusCode = 200;
  response.setHeader('Content-Type', contentType(format));
  response.setHeader('X-ClickHouse-Format', format);
  if (parameters.get('enable_http_compression') !== '1') return response;
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoder = ENCODERS.find(([name]) => accepted.includes(name));
  if (encoder === undefined) return response;
  const [name, create] = encoder;
  response.setHeader('Content-Encoding', name);
  const transform = create();
  transform.pipe(response);
  response.once('close', () => transform.destroy());
  transform.on('error', () => response.destroy());
  return transform;
}

/** A whole result at once, with its figures in the summary header. */
export function sendWhole(
  exchange: Exchange,
  bytes: Uint8Array,
  elapsedSeconds = 0,
  read: Figures = NOTHING,
  written: Figures = NOTHING,
): void {
  const summary = {
    read_rows: String(read.rows),
    read_bytes: String(read.bytes),
    written_rows: String(written.rows),
    written_bytes: String(written.bytes),
    total_rows_to_read: '0',
    result_rows: String(written.rows),
    result_bytes: String(bytes.length),
    elapsed_ns: String(Math.round(elapsedSeconds * 1e9)),
  };
  exchange.response.setHeader('X-ClickHouse-Summary', JSON.stringify(summary));
  begin(exchange).end(Buffer.from(bytes));
}

/** A result as the engine makes it. An error after the first bytes is sent in ClickHouse's in-band form (25.11 and later): too late for a status. */
export async function sendStream(
  engine: Engine,
  exchange: Exchange,
  stream: object,
  describeError: (error: unknown) => string,
): Promise<void> {
  const { response } = exchange;
  const gone = once(response, 'close').catch(() => undefined);
  const tag = randomBytes(8).toString('hex');
  let out: Writable | null = null;
  let ended = false;
  try {
    for (;;) {
      const chunk = await engine.StreamFetch(stream);
      if (chunk.done) break;
      if (out === null) {
        response.setHeader('X-ClickHouse-Exception-Tag', tag);
        out = begin(exchange);
      }
      if (response.destroyed) return;
      const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength);
      if (!out.write(bytes)) await Promise.race([once(out, 'drain').catch(() => undefined), gone]);
    }
    ended = true;
    (out ?? begin(exchange)).end();
  } catch (error) {
    ended = true;
    if (out === null) throw error;
    const text = describeError(error);
    out.end(`\r\n__exception__\r\n${tag}\r\n${text}\n${Buffer.byteLength(text) + 1} ${tag}\r\n__exception__\r\n`);
  } finally {
    if (!ended) cancel(engine, stream);
  }
}

function cancel(engine: Engine, stream: object): void {
  try {
    engine.StreamCancel(stream);
  } catch {
    // The query ended by itself meanwhile: what was wanted.
  }
}
