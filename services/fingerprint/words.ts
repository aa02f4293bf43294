import { ASCII_KINDS, CHARACTER, characterKind } from './characters.ts';

const { letter, digit, joiner, ideograph } = CHARACTER;

/** Finaliser of MurmurHash3 (32 bit): short words must differ in all bits. */
export function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** FNV-1a step. */
export function addUnit(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** Keyed hash of a character that is a word by itself. */
export function ideographHash(unit: number, key: number): number {
  return mix(addUnit(key, unit));
}

export function kindOf(unit: number): number {
  return unit < 128 ? (ASCII_KINDS[unit] ?? CHARACTER.other) : characterKind(unit);
}

/** Calls `word` with the keyed hash of each word in [from, to), as masking would compute it, and `other` with each unit that is none. */
export function scanWords(
  text: string,
  from: number,
  to: number,
  key: number,
  word: (hash: number) => void,
  other: (unit: number) => void,
): void {
  let at = from;
  while (at < to) {
    const unit = text.charCodeAt(at);
    const kind = kindOf(unit);
    if (kind === ideograph) {
      word(ideographHash(unit, key));
      at++;
    } else if (kind === letter) {
      let hash = key;
      for (; at < to; at++) {
        const next = text.charCodeAt(at);
        const nextKind = kindOf(next);
        if (nextKind === letter) hash = addUnit(hash, next);
        else if (nextKind !== digit && nextKind !== joiner) break;
      }
      word(mix(hash));
    } else {
      other(unit);
      at++;
    }
  }
}
