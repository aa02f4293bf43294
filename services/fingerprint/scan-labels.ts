import { CHARACTER, characterKind } from './characters.ts';
import { isHeading } from './heading.ts';
import { addLabel, type Progress } from './scan.ts';
import { maskChunk } from './scan-stretches.ts';
import { TOKEN, type Tokens } from './tokens.ts';

/** Characters looked back for an open bracket. */
const BRACKET_REACH = 400;
/** Behind the colon of a label: `**Note:**`, `Text:<p>`, `Data:[1]`. */
const LABEL_ENDS = '*<[';

const HASH_SIGN = 0x23;
const SEMICOLON = 0x3b;

const { space, newline, opener } = CHARACTER;

export function afterColon(tokens: Tokens, progress: Progress, at: number): number {
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
  const line = text.slice(Math.max(from, to - BRACKET_REACH), to);
  return line.lastIndexOf('(') > line.lastIndexOf(')');
}

export function endLine(tokens: Tokens, progress: Progress, end: number): void {
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
