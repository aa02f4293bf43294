import { ASCII_KINDS, CHARACTER, characterKind, closerOf } from './characters.ts';
import { isHeading } from './heading.ts';
import { elementEnd, isPath, objectEnd, opensObject, payloadName } from './payload.ts';
import { addKeys, addName } from './slots.ts';
import { TOKEN, type Tokens } from './tokens.ts';
import { addUnit, ideographHash, kindOf, mix } from './words.ts';

/** A longer word is an id, a key or encoded data. German compounds of prompts stay below. */
const LONGEST_WORD = 24;
/** A quotation that is not closed within this many characters and on its line is an apostrophe or an inch sign. */
const LONGEST_QUOTATION = 400;
const LONGEST_LABEL = 5;
const MOST_LABELS = 32;

const NUMBER_HASH = 0x2545f491;
const MASKED_HASH = 0x6c078965;
/** Behind the colon of a label: `**Note:**`, `Text:<p>`, `Data:[1]`. */
const LABEL_ENDS = '*<[';

/** What a line of source code or of a diff begins with, and a label does not. */
const CODE_OPENINGS = '/+@}';

const HASH_SIGN = 0x23;
const DOLLAR = 0x24;
const BACKSLASH = 0x5c;
const LEFT_BRACE = 0x7b;
const LESS_THAN = 0x3c;
const SLASH = 0x2f;
const POINT = 0x2e;
const DASH = 0x2d;
const UNDERSCORE = 0x5f;
const SEMICOLON = 0x3b;
const LINE_FEED = 0x0a;

/** Taken out of the object once: the switch on them runs for every character. */
const { space, newline, letter, digit, ideograph, colon, stop, opener, at: atSign, joiner } = CHARACTER;

/** Where the scanner stands, apart from the position in the text. */
interface Progress {
  line: number;
  sentence: number;
  /** First token since the last white space: what a URL or an address takes back. */
  chunk: number;
  /** First token and first character of the line. */
  lineToken: number;
  lineOpening: number;
  lineHasLabel: boolean;
  /** Closing character to the position before which there is none. */
  unclosed: Map<number, number> | null;
  /** Elements that are known not to end. */
  openElements: Set<string> | null;
  /** An object of JSON that does not end was met: no other is looked for. */
  openObject: boolean;
  /** End of the last stretch without blanks that was held to be a path or not. */
  pathChecked: number;
}

/**
 * Cuts a normalised prompt into words and masks what the filling of a template changes by its form: numbers, quotations, inline formulas, code, URLs, e-mail
 * addresses, ids, very long words, unfilled placeholders. Free text behind a label cannot be told from an instruction by its form: that is left to
 * where the words stand (template.ts). One pass; every stretch that is looked ahead is either consumed or remembered as unclosed, so the work is linear.
 */
export function maskInto(tokens: Tokens, text: string, key: number): void {
  tokens.text = text;
  tokens.count = 0;
  tokens.labels = [];
  tokens.beforeColon = -1;
  tokens.blocks = 0;
  tokens.slots.count = 0;
  const progress: Progress = {
    line: 0,
    sentence: 0,
    chunk: 0,
    lineToken: 0,
    lineOpening: 0,
    lineHasLabel: false,
    unclosed: null,
    openElements: null,
    openObject: false,
    pathChecked: 0,
  };
  const { length } = text;
  let at = 0;
  while (at < length) {
    const unit = text.charCodeAt(at);
    const kind = unit < 128 ? ASCII_KINDS[unit] : characterKind(unit);
    if (kind === space) {
      progress.chunk = tokens.count;
      at++;
      continue;
    }
    if (progress.lineOpening === 0) {
      progress.lineOpening = unit;
      // What is indented is code, or a template that is indented throughout: in neither case does a label tell one template from another.
      progress.lineHasLabel =
        (at > 0 && kindOf(text.charCodeAt(at - 1)) === space) || CODE_OPENINGS.includes(text[at] ?? '');
    }
    switch (kind) {
      case letter:
        at = word(tokens, progress, at, key);
        break;
      case ideograph:
        push(tokens, progress, TOKEN.ideograph, ideographHash(unit, key), at, at + 1);
        progress.chunk = tokens.count;
        at++;
        break;
      case digit:
        at = number(tokens, progress, at);
        break;
      case newline:
        endLine(tokens, progress, at);
        at++;
        break;
      case colon:
        at = afterColon(tokens, progress, at);
        break;
      case stop:
        if (unit === POINT && joins(text, at) && at >= progress.pathChecked) {
          at = afterPath(tokens, progress, at);
          break;
        }
        at++;
        // A point inside a word (file.ts, e.g.) ends nothing; the Chinese full stop always does.
        if (unit >= 128 || characterKind(text.charCodeAt(at)) === space) progress.sentence++;
        break;
      case opener:
        at = afterStretch(tokens, progress, at, unit, key);
        break;
      case atSign:
        at =
          isWordUnit(text.charCodeAt(at + 1)) && tokens.count > progress.chunk
            ? maskChunk(tokens, progress, at)
            : at + 1;
        break;
      default:
        if (unit === LESS_THAN && tokens.count === progress.lineToken) at = afterElement(tokens, progress, at, key);
        else if ((unit === SLASH || unit === BACKSLASH) && joins(text, at) && at >= progress.pathChecked)
          at = afterPath(tokens, progress, at);
        else at++;
    }
  }
  endLine(tokens, progress, length);
  if (tokens.beforeColon < 0) tokens.beforeColon = tokens.count;
}

function push(tokens: Tokens, progress: Progress, kind: number, hash: number, start: number, end: number): void {
  const at = tokens.count;
  // A masked stretch of three numbers is as good as one of two, and one of five rows of data as one of two.
  const joinable = kind === TOKEN.masked ? at > 0 : kind === TOKEN.number && at > progress.lineToken;
  if (joinable && tokens.kind[at - 1] === kind) {
    tokens.end[at - 1] = end;
    return;
  }
  tokens.count = at + 1;
  tokens.kind[at] = kind;
  tokens.hash[at] = hash;
  tokens.start[at] = start;
  tokens.end[at] = end;
  tokens.line[at] = progress.line;
  tokens.sentence[at] = progress.sentence;
}

function word(tokens: Tokens, progress: Progress, start: number, key: number): number {
  const { text } = tokens;
  const { length } = text;
  let at = start;
  let hash = key;
  let digits = false;
  for (; at < length; at++) {
    const unit = text.charCodeAt(at);
    const kind = unit < 128 ? ASCII_KINDS[unit] : characterKind(unit);
    if (kind === letter) hash = addUnit(hash, unit);
    else if (kind === digit) digits = true;
    else if (kind !== joiner || characterKind(text.charCodeAt(at + 1)) !== letter) break;
  }
  if (digits) push(tokens, progress, TOKEN.number, NUMBER_HASH, start, at);
  else if (at - start > LONGEST_WORD) push(tokens, progress, TOKEN.masked, MASKED_HASH, start, at);
  else push(tokens, progress, TOKEN.word, mix(hash), start, at);
  return at;
}

/** Digits, and what joins them: 3.14, 12:30, 2024-05-01, 1,000, 3rd. */
function number(tokens: Tokens, progress: Progress, start: number): number {
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

function afterColon(tokens: Tokens, progress: Progress, at: number): number {
  const { text } = tokens;
  if (text.startsWith('//', at + 1) && tokens.count > progress.chunk) return maskChunk(tokens, progress, at);
  const next = text.charCodeAt(at + 1);
  const kind = characterKind(next);
  const afterIdeograph = tokens.kind[tokens.count - 1] === TOKEN.ideograph; // Chinese has no blank behind a colon
  // Not in `10:30`, `a::b` and `:)`. NaN: the text ends here.
  const introduces =
    afterIdeograph ||
    Number.isNaN(next) ||
    kind === space ||
    kind === newline ||
    kind === opener ||
    LABEL_ENDS.includes(text[at + 1] ?? '');
  if (introduces) {
    // A heading at the very beginning (`# System:`) stands before the instruction, not before a filling.
    const heading = progress.lineOpening === HASH_SIGN && progress.lineToken === 0;
    if (tokens.beforeColon < 0 && !heading) tokens.beforeColon = tokens.count;
    progress.chunk = tokens.count;
    if (!progress.lineHasLabel && isInBrackets(text, tokens.start[progress.lineToken] ?? at, at))
      progress.lineHasLabel = true;
    addLabel(tokens, progress);
  }
  return at + 1;
}

/** `readFile(path: string)` names an argument. A bracket that is closed again (`Style (1-3):`) is part of a label. */
function isInBrackets(text: string, from: number, to: number): boolean {
  const line = text.slice(Math.max(from, to - LONGEST_QUOTATION), to);
  return line.lastIndexOf('(') > line.lastIndexOf(')');
}

function addLabel(tokens: Tokens, progress: Progress): void {
  const words = tokens.count - progress.lineToken;
  if (progress.lineHasLabel || words === 0 || words > LONGEST_LABEL || tokens.labels.length >= MOST_LABELS) return;
  tokens.labels.push({ from: progress.lineToken, to: tokens.count });
  progress.lineHasLabel = true;
}

function endLine(tokens: Tokens, progress: Progress, end: number): void {
  // A statement of source code: what looked like its label was a name with its type.
  const label = tokens.labels.at(-1);
  if (tokens.text.charCodeAt(end - 1) === SEMICOLON && label?.from === progress.lineToken) tokens.labels.pop();
  if (isHeading(progress.lineOpening, tokens.text.charCodeAt(end - 1))) addLabel(tokens, progress);
  progress.line++;
  progress.sentence++;
  progress.lineToken = tokens.count;
  progress.chunk = tokens.count;
  progress.lineOpening = 0;
  progress.lineHasLabel = false;
}

/** Quotation, inline code, code block, placeholder or formula. */
function afterStretch(tokens: Tokens, progress: Progress, start: number, sign: number, key: number): number {
  const { text } = tokens;
  if (sign === 0x60 && text.startsWith('``', start + 1)) {
    // A block whose end is not in sight (cut off, or still open) goes to the end.
    const end = text.indexOf('```', start + 3);
    const after = end < 0 ? text.length : end + 3;
    tokens.blocks++;
    addKeys(tokens.slots, text, start + 3, after, key, tokens.count);
    push(tokens, progress, TOKEN.masked, MASKED_HASH, start, after);
    return after;
  }
  if (sign === DOLLAR && !beginsFormula(text.charCodeAt(start + 1))) return start + 1;
  if (sign === LEFT_BRACE && !progress.openObject && opensObject(text, start)) {
    const end = objectEnd(text, start);
    if (end > 0) {
      addKeys(tokens.slots, text, start + 1, end, key, tokens.count);
      push(tokens, progress, TOKEN.masked, MASKED_HASH, start, end);
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
  push(tokens, progress, TOKEN.masked, MASKED_HASH, start, end + 1);
  return end + 1;
}

/** What a tool or a file system has said, between tags at the beginning of a line: the tag is a label, the rest is masked. */
function afterElement(tokens: Tokens, progress: Progress, start: number, key: number): number {
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
  push(tokens, progress, TOKEN.masked, MASKED_HASH, nameEnd, end);
  return end;
}

/** A point or slash that is followed by a name and does not close a tag. */
function joins(text: string, at: number): boolean {
  return isWordUnit(text.charCodeAt(at + 1)) && text.charCodeAt(at - 1) !== LESS_THAN;
}

/** Behind the sign at `at`, or behind the whole path that it is part of. */
function afterPath(tokens: Tokens, progress: Progress, at: number): number {
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
  push(tokens, progress, TOKEN.masked, MASKED_HASH, start, end);
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
function maskChunk(tokens: Tokens, progress: Progress, from: number): number {
  const { text } = tokens;
  const start = tokens.count > progress.chunk ? (tokens.start[progress.chunk] ?? from) : from;
  tokens.count = progress.chunk;
  let at = from;
  for (; at < text.length; at++) {
    const kind = characterKind(text.charCodeAt(at));
    if (kind === space || kind === newline || kind === ideograph) break;
  }
  push(tokens, progress, TOKEN.masked, MASKED_HASH, start, at);
  return at;
}

function isWordUnit(unit: number): boolean {
  const kind = characterKind(unit);
  return kind === letter || kind === digit;
}
