import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { truncate } from 'node:fs/promises';

/** A JSON Lines file that is being written. */
export interface LineFile {
  /** A line, without its end. */
  write(line: string): void;
  /** Resolves when what was written so far has mostly left memory. */
  drained(): Promise<void>;
  /** Resolves when all that was written so far is in the file, with its bytes. */
  flushed(): Promise<number>;
  close(): Promise<void>;
}

/** `kept`: bytes that stay of the file that is there, whose rest is dropped; null: it is written anew. */
export async function openLineFile(path: string, kept: number | null): Promise<LineFile> {
  if (kept !== null) await truncate(path, kept);
  const stream = createWriteStream(path, { flags: kept === null ? 'w' : 'a' });
  let full = false;
  return {
    write(line) {
      full = !stream.write(`${line}\n`);
    },
    async drained() {
      if (full && stream.writableNeedDrain) await once(stream, 'drain');
    },
    async flushed() {
      await new Promise<void>((resolve, reject) =>
        stream.write('', (error) => (error === null || error === undefined ? resolve() : reject(error))),
      );
      return (kept ?? 0) + stream.bytesWritten;
    },
    async close() {
      stream.end();
      await once(stream, 'close');
    },
  };
}
