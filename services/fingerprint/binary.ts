import { BANDS } from './bands.ts';
import { CATEGORIES } from './categories.ts';
import { type PromptFingerprint, VERSION } from './prompt-fingerprint.ts';
import { SCRIPTS } from './script.ts';

const FIXED = 23;
const BANDS_END = FIXED + BANDS * 4;
/** Version 1 ended with the bands. */
const LENGTHS = { 1: BANDS_END, 2: BANDS_END + 1 } as const;
const MOST_LENGTH = 0xffffffff;

/**
 * The contract's `prompt_fingerprint`, 56 bytes, big-endian: version (1 byte), template (8), filling (8), markers (1), script (1), length (4), bands (8 x 4),
 * category (1, from version 2 on).
 */
export function encodeFingerprint(fingerprint: PromptFingerprint): Buffer {
  const bytes = Buffer.alloc(LENGTHS[VERSION]);
  bytes[0] = VERSION;
  bytes.write(fingerprint.template, 1, 8, 'hex');
  bytes.write(fingerprint.filling, 9, 8, 'hex');
  bytes[17] = fingerprint.markers;
  bytes[18] = SCRIPTS.indexOf(fingerprint.script);
  bytes.writeUInt32BE(Math.min(fingerprint.length, MOST_LENGTH), 19);
  for (let band = 0; band < BANDS; band++) bytes.writeUInt32BE(fingerprint.bands[band] ?? 0, FIXED + band * 4);
  bytes[BANDS_END] = CATEGORIES.indexOf(fingerprint.category);
  return bytes;
}

/** null: of a version that this code does not know, or not a fingerprint. Never throws: the bytes come from outside. */
export function decodeFingerprint(bytes: Uint8Array): PromptFingerprint | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = buffer[0];
  if ((version !== 1 && version !== VERSION) || buffer.length !== LENGTHS[version]) return null;
  const script = SCRIPTS[buffer[18] ?? -1];
  const category = version === 1 ? 'other' : CATEGORIES[buffer[BANDS_END] ?? -1];
  if (script === undefined || category === undefined) return null;
  return {
    version,
    template: buffer.toString('hex', 1, 9),
    filling: buffer.toString('hex', 9, 17),
    bands: Array.from({ length: BANDS }, (_, band) => buffer.readUInt32BE(FIXED + band * 4)),
    markers: buffer[17] ?? 0,
    category,
    script,
    length: buffer.readUInt32BE(19),
  };
}
