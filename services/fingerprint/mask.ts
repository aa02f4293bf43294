import { ASCII_KINDS, BACKSLASH, CHARACTER, characterKind, LESS_THAN, POINT, SLASH } from './characters.ts';
import { atTheBeginning, isWordUnit, push } from './scan.ts';
import { afterColon, endLine } from './scan-labels.ts';
import { afterElement, afterPath, afterStretch, joins, maskChunk } from './scan-stretches.ts';
import { number, word } from './scan-words.ts';
import { TOKEN, type Tokens } from './tokens.ts';
import { ideographHash, kindOf } from './words.ts';

/** What a line of source code or of a diff begins with, and a label does not. */
const CODE_OPENINGS = '/+@}';

/** Taken out of the object once: the switch on them runs for every character. */
const { space, newline, letter, digit, ideograph, colon, stop, opener, at: atSign } = CHARACTER;

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
  const progress = atTheBeginning();
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
