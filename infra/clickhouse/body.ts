import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { clickHouseError } from './errors.ts';

/** Bytes that a body may have after decompression. */
const MOST_BYTES = 8 * 1024 ** 3;

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** The whole body, decompressed. */
export async function bodyInMemory(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of decoded(request)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Writes `begin` and the body, decompressed, to a file of a name of its own for `FROM INFILE`, and gives its path; null, and no file, when there is not a
 * byte. Data of any size goes this way: it takes no memory, the engine reads a file twice as fast as inline data, and data in a file is never read as SQL.
 */
export async function bodyToFile(
  request: IncomingMessage | null,
  begin: Buffer,
  folder: string,
): Promise<string | null> {
  const path = join(folder, randomUUID());
  const file = await open(path, 'wx', 0o600);
  let bytes = begin.length;
  try {
    await file.appendFile(begin);
    if (request !== null) {
      for await (const chunk of decoded(request)) {
        await file.appendFile(chunk);
        bytes += chunk.length;
      }
    }
  } catch (error) {
    await dropFile(path);
    throw error;
  } finally {
    await file.close();
  }
  if (bytes > 0) return path;
  await dropFile(path);
  return null;
}

export async function dropFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

async function* decoded(request: IncomingMessage): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  // `destroyOnReturn: false`: destroying a request takes its connection along, and with it the answer that says why.
  for await (const chunk of decoder(request).iterator({ destroyOnReturn: false })) {
    const part: Buffer = chunk;
    bytes += part.length;
    if (bytes > MOST_BYTES)
      throw clickHouseError(307, 'TOO_MANY_BYTES', `Request body is larger than ${MOST_BYTES} bytes`);
    yield part;
  }
}

function decoder(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return request;
  const transform = DECODERS[encoding]?.();
  if (transform === undefined)
    throw clickHouseError(89, 'UNKNOWN_COMPRESSION_METHOD', `Unknown compression method: ${encoding}`);
  // `pipe` passes no errors on: an upload that was broken off must not look like a short one.
  request.once('error', (error) => transform.destroy(error));
  request.pipe(transform);
  return transform;
}
