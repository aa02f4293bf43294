import { closeSync, fsyncSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

const LENGTH_BYTES = 4;

/** Writes records of plain data one after the other, each as long as four bytes say, under another name first: the file that was there is replaced whole or not at all. */
export function writeRecords(path: string, records: Iterable<unknown>): void {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w');
  try {
    for (const record of records) {
      const bytes = serialize(record);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(bytes.length);
      writeFileSync(file, length);
      writeFileSync(file, bytes);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}

/** What `writeRecords` wrote: what it is, is the promise of whoever wrote it. */
export function* readRecords(path: string): Generator<unknown> {
  const file = openSync(path, 'r');
  try {
    const length = Buffer.alloc(LENGTH_BYTES);
    while (readSync(file, length) === LENGTH_BYTES) {
      const bytes = Buffer.alloc(length.readUInt32LE());
      if (readSync(file, bytes) !== bytes.length) throw new RangeError(`${path} is cut off`);
      yield deserialize(bytes);
    }
  } finally {
    closeSync(file);
  }
}
