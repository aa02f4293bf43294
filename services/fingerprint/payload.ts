import { BACKSLASH, CHARACTER, POINT, SLASH } from './characters.ts';
import { kindOf } from './words.ts';

/**
 * Stretches that an agent's transcript carries and that are never the request itself: what a tool has printed, a file, a JSON value. Their form alone tells them,
 * so they are masked whole and the template behind them stays.
 */

/** Elements that hold what a tool or a file system has said. Others (`<question>`, `<instructions>`) may hold the request. */
const PAYLOAD_ELEMENTS: ReadonlySet<string> = new Set([
  'tool_result',
  'tool_results',
  'tool_response',
  'tool_output',
  'function_result',
  'function_results',
  'function_response',
  'environment_details',
  'observation',
  'stdout',
  'stderr',
  'file',
  'file_content',
  'file_contents',
  'diff',
  'patch',
  'logs',
]);
const LONGEST_NAME = 24;
const LONGEST_EXTENSION = 5;
/** A longer file name is no file name. */
const LONGEST_PATH = 200;

const GREATER_THAN = 0x3e;
const QUOTE = 0x22;
const LEFT_BRACE = 0x7b;
const RIGHT_BRACE = 0x7d;

/** End of the name of a payload element that opens with the `<` at `at`; -1 where none does. */
export function payloadName(text: string, at: number): number {
  let end = at + 1;
  const most = Math.min(text.length, at + 1 + LONGEST_NAME);
  while (end < most && (kindOf(text.charCodeAt(end)) === CHARACTER.letter || text[end] === '_')) end++;
  return PAYLOAD_ELEMENTS.has(text.slice(at + 1, end)) ? end : -1;
}

/** Position behind the element's closing tag, -1 where there is none. */
export function elementEnd(text: string, name: string, from: number): number {
  const tag = `</${name}`;
  const at = text.indexOf(tag, from);
  if (at < 0) return -1;
  const end = at + tag.length;
  return text.charCodeAt(end) === GREATER_THAN ? end + 1 : end;
}

/** A brace that opens an object of JSON, also one that is laid out over lines: a quotation mark is the next visible character. */
export function opensObject(text: string, at: number): boolean {
  let next = at + 1;
  while (text.charCodeAt(next) <= 0x20) next++;
  return text.charCodeAt(next) === QUOTE;
}

/** Position behind the brace that closes the one at `at`, -1 where none does. Braces in strings do not count. */
export function objectEnd(text: string, at: number): number {
  let depth = 0;
  let inString = false;
  for (let i = at; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (inString) {
      if (unit === BACKSLASH) i++;
      else if (unit === QUOTE) inString = false;
    } else if (unit === QUOTE) inString = true;
    else if (unit === LEFT_BRACE) depth++;
    else if (unit === RIGHT_BRACE && --depth === 0) return i + 1;
  }
  return -1;
}

/**
 * Whether [from, to), which holds no blank, is a path or a file name: `src/a.ts`, `/home/u`, `./run`, `main.py`. `and/or` and `e.g.` are none.
 */
export function isPath(text: string, from: number, to: number): boolean {
  if (to - from > LONGEST_PATH) return false;
  let separators = 0;
  let point = -1;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit === SLASH || unit === BACKSLASH) {
      separators++;
      point = -1;
    } else if (unit === POINT) point = at;
  }
  const rooted = '/.~\\'.includes(text[from] ?? ' ');
  const extended =
    point > from + 1 &&
    to - point - 1 <= LONGEST_EXTENSION &&
    to - point > 1 &&
    kindOf(text.charCodeAt(point + 1)) === CHARACTER.letter;
  return (separators > 0 && extended) || (rooted && separators > 1) || (separators === 0 && extended && !rooted);
}
