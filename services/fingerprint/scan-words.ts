import { ASCII_KINDS, CHARACTER, characterKind } from './characters.ts';
import { type Progress, push, pushMasked } from './scan.ts';
import { TOKEN, type Tokens } from './tokens.ts';
import { addUnit, mix } from './words.ts';

/** A longer word is an id, a key or encoded data. German compounds of prompts stay below. */
const LONGEST_WORD = 24;
/** Letters that a word and its forms begin with in most languages of the Latin and Cyrillic scripts. */
export const STEM_LETTERS = 5;
const NUMBER_HASH = 0x2545f491;

/** Taken out of the object once: they are asked for at every character. */
const { space, newline, letter, digit, ideograph, joiner } = CHARACTER;

/** A word, or a number or masked stretch in the form of one; where it ends. */
export function word(tokens: Tokens, progress: Progress, start: number, key: number): number {
  const { text } = tokens;
  const { length } = text;
  let at = start;
  let hash = key;
  let stem = 0;
  let letters = 0;
  let digits = false;
  for (; at < length; at++) {
    const unit = text.charCodeAt(at);
    const kind = unit < 128 ? ASCII_KINDS[unit] : characterKind(unit);
    if (kind === letter) {
      hash = addUnit(hash, unit);
      if (++letters === STEM_LETTERS) stem = hash;
    } else if (kind === digit) digits = true;
    else if (kind !== joiner || characterKind(text.charCodeAt(at + 1)) !== letter) break;
  }
  if (digits) push(tokens, progress, TOKEN.number, NUMBER_HASH, start, at);
  else if (at - start > LONGEST_WORD) pushMasked(tokens, progress, start, at);
  else push(tokens, progress, TOKEN.word, mix(hash), start, at, mix(letters > STEM_LETTERS ? stem : hash));
  return at;
}

/** Digits, and what joins them: 3.14, 12:30, 2024-05-01, 1,000, 3rd. */
export function number(tokens: Tokens, progress: Progress, start: number): number {
  const { text } = tokens;
  let at = start + 1;
  while (at < text.length) {
    const kind = characterKind(text.charCodeAt(at));
    if (kind !== digit && kind !== letter) {
      if (kind === space || kind === newline || kind === ideograph || characterKind(text.charCodeAt(at + 1)) !== digit)
        break;
    }
    at++;
  }
  push(tokens, progress, TOKEN.number, NUMBER_HASH, start, at);
  return at;
}
