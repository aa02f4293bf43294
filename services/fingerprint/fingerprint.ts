import type { Hasher } from './hasher.ts';
import { findMarkers } from './markers.ts';
import { dominantScript, SCRIPTS, type Script } from './script.ts';
import { maskPrompt } from './words.ts';

/**
 * What is kept of a prompt instead of its text. Made by the gateway with this library, or inside `calls`; the text goes no further.
 * Version 1; a reader that does not know a version treats the call as one without text.
 */
export interface PromptFingerprint {
  /** 16 hex digits: the same for the same template with other fillings, as far as form can tell. */
  template: string;
  /** 16 hex digits: the same only for the same text. */
  filling: string;
  /** LSH bands, 32 bits each: similar wording meets in at least one of them. */
  bands: readonly number[];
  /** Bit set, see markers.ts. */
  markers: number;
  script: Script;
}

export interface Fingerprinter {
  fingerprint(text: string): PromptFingerprint;
}

/** Words of the head that name a template; more would take in the filling, fewer would take different templates for one. */
const HEAD_WORDS = 6;
/** Shingles are taken from the ends, where instructions stand. */
const SHINGLED_HEAD = 36;
const SHINGLED_TAIL = 16;
const SHINGLE = 3;
/** 4 bands of 2 rows: two prompts whose shingles overlap by half meet with probability 1 - (1 - 0.25)^4 = 0.68, by a tenth with 0.04. */
const BANDS = 4;
const ROWS = 2;

export function createFingerprinter(hasher: Hasher): Fingerprinter {
  return {
    fingerprint(text) {
      const { words, labels, text: normalised } = maskPrompt(text);
      return {
        template: hasher.hash64(`${words.slice(0, HEAD_WORDS).join(' ')}\n${labels.join('\n')}`),
        filling: hasher.hash64(normalised),
        bands: minHashBands(words, hasher),
        markers: findMarkers(words, normalised),
        script: dominantScript(normalised),
      };
    },
  };
}

/** MinHash (Broder 1997) over word shingles, in bands (Leskovec et al., Mining of Massive Datasets, 3.4). */
function minHashBands(words: readonly string[], hasher: Hasher): number[] {
  const ends =
    words.length <= SHINGLED_HEAD + SHINGLED_TAIL
      ? words
      : [...words.slice(0, SHINGLED_HEAD), ...words.slice(-SHINGLED_TAIL)];
  const least = new Uint32Array(BANDS * ROWS).fill(0xffffffff);
  for (let i = 0; i + SHINGLE <= Math.max(ends.length, SHINGLE); i++) {
    const shingle = hasher.hash32(ends.slice(i, i + SHINGLE).join(' '));
    for (let row = 0; row < least.length; row++) {
      const permuted = permute(shingle, row);
      if (permuted < (least[row] ?? 0)) least[row] = permuted;
    }
  }
  return Array.from({ length: BANDS }, (_, band) => {
    let mixed = band + 1;
    for (let row = 0; row < ROWS; row++) mixed = permute(mixed ^ (least[band * ROWS + row] ?? 0), 17 + row);
    return mixed;
  });
}

/** A family of permutations of 32 bits: the finaliser of MurmurHash3 after adding an odd multiple of the row. */
function permute(hash: number, row: number): number {
  let mixed = (hash + Math.imul(row + 1, 0x9e3779b1)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const VERSION = 1;
const LENGTH = 1 + 8 + 8 + 1 + 1 + BANDS * 4;

/** The contract's `prompt_fingerprint`: version, template, filling, markers, script, bands; 35 bytes. */
export function encodeFingerprint(fingerprint: PromptFingerprint): Buffer {
  const bytes = Buffer.alloc(LENGTH);
  bytes[0] = VERSION;
  bytes.write(fingerprint.template, 1, 8, 'hex');
  bytes.write(fingerprint.filling, 9, 8, 'hex');
  bytes[17] = fingerprint.markers;
  bytes[18] = SCRIPTS.indexOf(fingerprint.script);
  for (let band = 0; band < BANDS; band++) bytes.writeUInt32BE(fingerprint.bands[band] ?? 0, 19 + band * 4);
  return bytes;
}

/** null: of a version that this code does not know, or not a fingerprint. */
export function decodeFingerprint(bytes: Uint8Array): PromptFingerprint | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const script = SCRIPTS[buffer[18] ?? -1];
  if (buffer.length !== LENGTH || buffer[0] !== VERSION || script === undefined) return null;
  return {
    template: buffer.toString('hex', 1, 9),
    filling: buffer.toString('hex', 9, 17),
    bands: Array.from({ length: BANDS }, (_, band) => buffer.readUInt32BE(19 + band * 4)),
    markers: buffer[17] ?? 0,
    script,
  };
}
