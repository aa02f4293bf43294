import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { clickHouseError } from './errors.ts';

/** Data waiting on disk for `FROM INFILE`. */
export interface SpilledFile {
  name: string;
  handle: FileHandle;
}

export type Body = { kind: 'memory'; bytes: Buffer } | { kind: 'file'; file: SpilledFile };

export interface BodyLimits {
  folder: string;
  /** Bytes above which an insert's data goes to a file: less memory, and twice as fast as inline data. */
  spillAbove: number;
  most: number;
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

export async function createSpillFile(folder: string): Promise<SpilledFile> {
  const name = join(folder, randomUUID());
  return { name, handle: await open(name, 'w', 0o600) };
}

export async function dropSpillFile(file: SpilledFile): Promise<void> {
  await file.handle.close();
  await rm(file.name, { force: true });
}

/** The whole body, decompressed; in a file when it is large and `maySpill`. */
export async function readBody(request: IncomingMessage, maySpill: boolean, limits: BodyLimits): Promise<Body> {
  const source = decoded(request);
  let parts: Buffer[] = [];
  let bytes = 0;
  let file: SpilledFile | null = null;
  try {
    for await (const chunk of source) {
      const part: Buffer = chunk;
      bytes += part.length;
      if (bytes > limits.most) throw clickHouseError(307, 'TOO_MANY_BYTES', 'Request body too large');
      parts.push(part);
      if (!maySpill || bytes <= limits.spillAbove) continue;
      file ??= await createSpillFile(limits.folder);
      await file.handle.writev(parts);
      parts = [];
    }
    if (file !== null && parts.length > 0) await file.handle.writev(parts);
  } catch (error) {
    if (file !== null) await dropSpillFile(file);
    throw error;
  }
  return file === null ? { kind: 'memory', bytes: Buffer.concat(parts, bytes) } : { kind: 'file', file };
}

function decoded(request: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return request;
  const decoder = DECODERS[encoding]?.();
  if (decoder === undefined)
    throw clickHouseError(89, 'UNKNOWN_COMPRESSION_METHOD', `Unknown compression method: ${encoding}`);
  // `pipe` passes no errors on: an aborted upload must not look like a short one.
  request.once('error', (error) => decoder.destroy(error));
  request.once('aborted', () => decoder.destroy(new Error('the client went away')));
  return request.pipe(decoder);
}
