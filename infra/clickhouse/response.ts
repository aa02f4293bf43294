import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transform, Writable } from 'node:stream';
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib';

/** A request that is being answered. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  parameters: URLSearchParams;
  /** Output format. */
  format: string;
}

/** What a statement did, for the summary header. What is absent is unknown to the engine, and is left out: a 0 would be untrue. */
export interface Summary {
  elapsedSeconds: number;
  read?: Volume;
  written?: Volume;
}

export interface Volume {
  rows: number | bigint;
  bytes: number | bigint;
}

/** In the order of preference. The lowest levels: the way is a loopback interface. */
const ENCODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGzip({ level: 1 }),
  zstd: () => createZstdCompress(),
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 2 } }),
  deflate: () => createDeflate({ level: 1 }),
};

export function contentType(format: string): string {
  if (format === 'CSV') return 'text/csv; charset=UTF-8; header=absent';
  if (format === 'CSVWithNames') return 'text/csv; charset=UTF-8; header=present';
  if (/^JSON(?!.*Row)/.test(format)) return 'application/json; charset=UTF-8';
  if (format.startsWith('JSON')) return 'application/x-ndjson; charset=UTF-8';
  if (/Binary|Native|Parquet|Arrow|ORC|BLOB/.test(format)) return 'application/octet-stream';
  return 'text/tab-separated-values; charset=UTF-8';
}

/** Sends the head of a good answer; gives where its body goes, compressed when the client asked for it. */
export function beginAnswer({ request, response, parameters, format }: Exchange): Writable {
  response.statusCode = 200;
  response.setHeader('Content-Type', contentType(format));
  response.setHeader('X-ClickHouse-Format', format);
  if (parameters.get('enable_http_compression') !== '1') return response;
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const [encoding, create] = Object.entries(ENCODERS).find(([name]) => accepted.includes(name)) ?? [];
  if (encoding === undefined || create === undefined) return response;
  response.setHeader('Content-Encoding', encoding);
  const encoder = create();
  encoder.pipe(response);
  response.once('close', () => encoder.destroy());
  encoder.on('error', () => response.destroy());
  return encoder;
}

/** A whole result at once, with its figures in the summary header. */
export function sendWhole(exchange: Exchange, bytes: Uint8Array, { elapsedSeconds, read, written }: Summary): void {
  const summary = {
    ...(read && { read_rows: String(read.rows), read_bytes: String(read.bytes) }),
    ...(written && { written_rows: String(written.rows), written_bytes: String(written.bytes) }),
    result_bytes: String(bytes.length),
    elapsed_ns: String(Math.round(elapsedSeconds * 1e9)),
  };
  exchange.response.setHeader('X-ClickHouse-Summary', JSON.stringify(summary));
  beginAnswer(exchange).end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
