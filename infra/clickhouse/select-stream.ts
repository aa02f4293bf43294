import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { ResultStream } from './engine.ts';
import { beginAnswer, type Exchange } from './response.ts';

/** Formats whose result may be cut between any two blocks; the others need the whole of it at once. */
const CUTTABLE = new Set([
  'JSONEachRow',
  'JSONLines',
  'NDJSON',
  'JSONStringsEachRow',
  'JSONCompactEachRow',
  'JSONCompactStringsEachRow',
  'TSV',
  'TabSeparated',
  'TSVRaw',
  'TabSeparatedRaw',
  'CSV',
  'RowBinary',
  'Native',
  'LineAsString',
  'RawBLOB',
]);

export function isCuttable(format: string): boolean {
  return CUTTABLE.has(format);
}

/**
 * Sends a result as the engine makes it, as fast as the client takes it. Cancels the query when the client goes away. An error before the first bytes is
 * thrown; after them it is too late for a status, and it goes in band.
 */
export async function sendStream(
  exchange: Exchange,
  stream: ResultStream,
  describe: (error: unknown) => string,
): Promise<void> {
  const { response } = exchange;
  const gone = new Promise<void>((done) => response.once('close', done));
  const tag = randomBytes(8).toString('hex'); // 16 characters, as a server's
  let out: Writable | null = null;
  let ended = false;
  try {
    for (;;) {
      const bytes = await stream.next();
      if (response.destroyed) return;
      if (bytes === null) break;
      if (out === null) {
        response.setHeader('X-ClickHouse-Exception-Tag', tag);
        out = beginAnswer(exchange);
      }
      if (!out.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)))
        await Promise.race([drained(out), gone]);
    }
    ended = true;
    (out ?? beginAnswer(exchange)).end();
  } catch (error) {
    ended = true;
    if (out === null) throw error;
    out.end(inBand(describe(error), tag));
  } finally {
    if (!ended) cancel(stream);
  }
}

function drained(out: Writable): Promise<void> {
  return new Promise((done) => out.once('drain', done));
}

/** ClickHouse's own form, since 25.11. */
function inBand(text: string, tag: string): string {
  return `\r\n__exception__\r\n${tag}\r\n${text}\n${Buffer.byteLength(text) + 1} ${tag}\r\n__exception__\r\n`;
}

function cancel(stream: ResultStream): void {
  try {
    stream.cancel();
  } catch {
    // The query ended by itself meanwhile: what was wanted.
  }
}
