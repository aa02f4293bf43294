import { CHARACTER, characterKind } from './characters.ts';
import { TOKEN, type Tokens } from './tokens.ts';

const LONGEST_LABEL = 5;
const MOST_LABELS = 32;

const { letter, digit } = CHARACTER;

/** Where the scanner stands, apart from the position in the text. */
export interface Progress {
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

export function atTheBeginning(): Progress {
  return {
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
}

export function push(
  tokens: Tokens,
  progress: Progress,
  kind: number,
  hash: number,
  start: number,
  end: number,
  stem = hash,
): void {
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
  tokens.stem[at] = stem;
  tokens.start[at] = start;
  tokens.end[at] = end;
  tokens.line[at] = progress.line;
  tokens.sentence[at] = progress.sentence;
}

const MASKED_HASH = 0x6c078965;

/** A stretch whose text belongs to a filling. */
export function pushMasked(tokens: Tokens, progress: Progress, start: number, end: number): void {
  push(tokens, progress, TOKEN.masked, MASKED_HASH, start, end);
}

/** What stands on the line so far is its label, if it is short and the first. */
export function addLabel(tokens: Tokens, progress: Progress): void {
  const words = tokens.count - progress.lineToken;
  if (progress.lineHasLabel || words === 0 || words > LONGEST_LABEL || tokens.labels.length >= MOST_LABELS) return;
  tokens.labels.push({ from: progress.lineToken, to: tokens.count });
  progress.lineHasLabel = true;
}

export function isWordUnit(unit: number): boolean {
  const kind = characterKind(unit);
  return kind === letter || kind === digit;
}
