import { scanWords } from './words.ts';

/**
 * Names of output fields: the keys of a JSON example (`{"score": 1}`) and names in quotation marks (the key "rationale"). Masking takes both out of the running
 * text, as a filling would be, but the shape of the output that a request declares is part of what it asks for.
 */
export interface Slots {
  count: number;
  /** Keyed hashes of the words; 0 between two names. */
  hash: Int32Array;
  /** The masked token that the name stands in. */
  at: Int32Array;
}

/** A longer quotation is a text, not a name. */
const LONGEST_NAME = 32;
/** Of a JSON example or code block, in UTF-16 units: a schema shows its keys early, data goes on. */
const LOOKED = 400;
const MOST = 64;

const COLON = 0x3a;
const SPACE = 0x20;
const QUOTES = new Set([0x22, 0x27, 0x201c, 0x201d]);

export function createSlots(): Slots {
  return { count: 0, hash: new Int32Array(MOST), at: new Int32Array(MOST) };
}

/** The text between quotation marks, when it is short enough for a name. */
export function addName(slots: Slots, text: string, from: number, to: number, key: number, at: number): void {
  if (to - from > LONGEST_NAME) return;
  scanWords(
    text,
    from,
    to,
    key,
    (hash) => push(slots, hash, at),
    () => undefined,
  );
  push(slots, 0, at);
}

/** What stands before a colon inside braces or a code block. */
export function addKeys(slots: Slots, text: string, from: number, to: number, key: number, at: number): void {
  let run: number[] = [];
  scanWords(
    text,
    from,
    Math.min(to, from + LOOKED),
    key,
    (hash) => run.push(hash),
    (unit) => {
      if (unit === COLON) {
        for (const hash of run) push(slots, hash, at);
        push(slots, 0, at);
        run = [];
      } else if (unit !== SPACE && !QUOTES.has(unit)) run = [];
    },
  );
}

function push(slots: Slots, hash: number, at: number): void {
  const place = slots.count;
  // The last place stays empty: a reader of the words behind it needs no check.
  if (place >= MOST - 1) return;
  slots.hash[place] = hash;
  slots.at[place] = at;
  slots.count = place + 1;
}
