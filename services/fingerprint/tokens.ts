import { createSlots, type Slots } from './slots.ts';

export const TOKEN = { word: 0, ideograph: 1, number: 2, masked: 3 } as const;

/** Words at the beginning of a line that say what follows: `problem:`, `### response a`, `<question>`. */
export interface Label {
  /** First token. */
  from: number;
  /** Token after the last. */
  to: number;
}

/**
 * A masked prompt as parallel arrays: objects for each word would cost more than everything that is done with them. Scratch space of one
 * fingerprinter, overwritten by its next prompt.
 */
export interface Tokens {
  text: string;
  count: number;
  /** Keyed hash of the word; masked stretches of one kind share one. */
  hash: Int32Array;
  /** The same of a longer word's first letters; of a shorter one it is the word's. */
  stem: Int32Array;
  kind: Uint8Array;
  start: Int32Array;
  end: Int32Array;
  line: Int32Array;
  /** Counts up at full stops and line ends. */
  sentence: Int32Array;
  labels: Label[];
  /** Tokens before the first colon that introduces something; `count` where there is none. */
  beforeColon: number;
  /** Code blocks. */
  blocks: number;
  slots: Slots;
}

export function createTokens(most: number): Tokens {
  return {
    text: '',
    count: 0,
    hash: new Int32Array(most),
    stem: new Int32Array(most),
    kind: new Uint8Array(most),
    start: new Int32Array(most),
    end: new Int32Array(most),
    line: new Int32Array(most),
    sentence: new Int32Array(most),
    labels: [],
    beforeColon: 0,
    blocks: 0,
    slots: createSlots(),
  };
}

/** A token as it counts towards a template: the word itself, or the sign of what was masked. */
export function spelling(tokens: Tokens, at: number): string {
  const kind = tokens.kind[at] ?? TOKEN.masked;
  if (kind === TOKEN.number) return '0';
  return kind === TOKEN.masked ? '_' : tokens.text.slice(tokens.start[at], tokens.end[at]);
}
