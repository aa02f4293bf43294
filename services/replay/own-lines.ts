import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The lines of a JSON Lines file that this product wrote itself: `Value` is what was written. */
export async function* readOwnLines<Value>(file: string): AsyncGenerator<Value> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }))
    if (line !== '') yield JSON.parse(line);
}
