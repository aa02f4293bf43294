import { BACKSLASH, CHARACTER, characterKind, closerOf, LESS_THAN, POINT, SLASH } from './characters.ts';
import { elementEnd, isPath, objectEnd, opensObject, payloadName } from './payload.ts';
import { addLabel, isWordUnit, type Progress, pushMasked } from './scan.ts';
import { word } from './scan-words.ts';
import { addKeys, addName } from './slots.ts';
import type { Tokens } from './tokens.ts';

/** A quotation that is not closed within this many characters and on its line is an apostrophe or an inch sign. */
const LONGEST_QUOTATION = 400;

const BACKTICK = 0x60;
const DOLLAR = 0x24;
const LEFT_BRACE = 0x7b;
const DASH = 0x2d;
const UNDERSCORE = 0x5f;
const LINE_FEED = 0x0a;

const { space, newline, letter, ideograph } = CHARACTER;

/** Quotation, inline code, code block, placeholder or formula. */
export function afterStretch(tokens: Tokens, progress: Progress, start: number, sign: number, key: number): number {
  const { text } = tokens;
  if (sign === BACKTICK && text.startsWith('``', start + 1)) {
    // A block whose end is not in sight (cut off, or still open) goes to the end.
    const end = text.indexOf('```', start + 3);
    const after = end < 0 ? text.length : end + 3;
    tokens.blocks++;
    addKeys(tokens.slots, text, start + 3, after, key, tokens.count);
    pushMasked(tokens, progress, start, after);
    return after;
  }
  if (sign === DOLLAR && !beginsFormula(text.charCodeAt(start + 1))) return start + 1;
  if (sign === LEFT_BRACE && !progress.openObject && opensObject(text, start)) {
    const end = objectEnd(text, start);
    if (end > 0) {
      addKeys(tokens.slots, text, start + 1, end, key, tokens.count);
      pushMasked(tokens, progress, start, end);
      return end;
    }
    progress.openObject = true;
  }
  const closer = closerOf(sign);
  if (start < (progress.unclosed?.get(closer) ?? 0)) return start + 1;
  const end = findOnLine(text, closer, start + 1);
  if (end < 0) {
    // However many opening signs stand in this stretch, it is not searched again.
    progress.unclosed ??= new Map();
    progress.unclosed.set(closer, ~end);
    return start + 1;
  }
  if (sign === LEFT_BRACE) addKeys(tokens.slots, text, start + 1, end, key, tokens.count);
  else if (sign !== DOLLAR) addName(tokens.slots, text, start + 1, end, key, tokens.count);
  pushMasked(tokens, progress, start, end + 1);
  return end + 1;
}

/** What a tool or a file system has said, between tags at the beginning of a line: the tag is a label, the rest is masked. */
export function afterElement(tokens: Tokens, progress: Progress, start: number, key: number): number {
  const { text } = tokens;
  const nameEnd = payloadName(text, start);
  if (nameEnd < 0) return start + 1;
  const name = text.slice(start + 1, nameEnd);
  if (progress.openElements?.has(name)) return start + 1;
  const end = elementEnd(text, name, nameEnd);
  if (end < 0) {
    // Looked for once in a prompt, however often it opens.
    progress.openElements ??= new Set();
    progress.openElements.add(name);
    return start + 1;
  }
  word(tokens, progress, start + 1, key);
  addLabel(tokens, progress);
  pushMasked(tokens, progress, nameEnd, end);
  return end;
}

/** A point or slash that is followed by a name and does not close a tag. */
export function joins(text: string, at: number): boolean {
  return isWordUnit(text.charCodeAt(at + 1)) && text.charCodeAt(at - 1) !== LESS_THAN;
}

/** Behind the sign at `at`, or behind the whole path that it is part of. */
export function afterPath(tokens: Tokens, progress: Progress, at: number): number {
  const { text } = tokens;
  const start = tokens.count > progress.chunk ? (tokens.start[progress.chunk] ?? at) : at;
  let end = at + 1;
  while (end < text.length && isPathUnit(text.charCodeAt(end))) end++;
  progress.pathChecked = end;
  while (end > at + 1 && !isWordUnit(text.charCodeAt(end - 1))) end--;
  // `./run` and `../run` begin before the slash that was met.
  let from = start;
  if (start === at) while (from > 0 && text.charCodeAt(from - 1) === POINT) from--;
  if (!isPath(text, from, end)) return at + 1;
  tokens.count = progress.chunk;
  pushMasked(tokens, progress, start, end);
  return end;
}

function isPathUnit(unit: number): boolean {
  return (
    isWordUnit(unit) || unit === SLASH || unit === BACKSLASH || unit === POINT || unit === DASH || unit === UNDERSCORE
  );
}

/** A price is no formula. */
function beginsFormula(unit: number): boolean {
  return unit === BACKSLASH || characterKind(unit) === letter;
}

/** Position of the closing sign, or the complement (~) of the position up to which there is none. */
function findOnLine(text: string, closer: number, from: number): number {
  const end = Math.min(text.length, from + LONGEST_QUOTATION);
  for (let at = from; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === closer) return at;
    if (unit === LINE_FEED) return ~at;
  }
  return ~end;
}

/** Everything from the last white space to the next is one masked stretch: a URL, an address. */
export function maskChunk(tokens: Tokens, progress: Progress, from: number): number {
  const { text } = tokens;
  const start = tokens.count > progress.chunk ? (tokens.start[progress.chunk] ?? from) : from;
  tokens.count = progress.chunk;
  let at = from;
  for (; at < text.length; at++) {
    const kind = characterKind(text.charCodeAt(at));
    if (kind === space || kind === newline || kind === ideograph) break;
  }
  pushMasked(tokens, progress, start, at);
  return at;
}
