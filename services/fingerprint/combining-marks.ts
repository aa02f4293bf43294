/** Marks in a row: more than any language puts on one letter (Unicode, UAX #15, Stream-Safe Text Format). */
const MOST_MARKS = 30;

/** Marks, and the two half-width signs of kana that normalising turns into marks. */
const MARK = /^[\p{M}\uff9e\uff9f]$/u;
/** No character below is a mark. */
const FIRST_MARK = 0x300;
const MARKS = markTable();

function markTable(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (let unit = FIRST_MARK; unit < table.length; unit++) table[unit] = MARK.test(String.fromCharCode(unit)) ? 1 : 0;
  return table;
}

/**
 * The text without marks beyond the limit. Normalising puts the marks of a letter in order, in time that grows with the square of their number: a prompt of
 * 64,000 of them, a few per cent of what an API takes, would hold up the line for seconds.
 */
export function withFewMarks(text: string): string {
  let kept = '';
  let from = 0;
  let row = 0;
  for (let at = 0; at < text.length; ) {
    const width = markWidth(text, at);
    if (width === 0) {
      row = 0;
      at++;
      continue;
    }
    row++;
    if (row > MOST_MARKS) {
      if (at > from) kept += text.slice(from, at);
      from = at + width;
    }
    at += width;
  }
  return from === 0 ? text : kept + text.slice(from);
}

/** UTF-16 units of the mark that stands here; 0 where none does. */
function markWidth(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit < FIRST_MARK) return 0;
  // Above the basic plane marks are rare. Emoji, which are not, have three leading halves of their own.
  const mayLead = unit >= 0xd800 && unit < 0xdc00 && (unit < 0xd83c || unit > 0xd83e);
  if (mayLead) return MARK.test(text.slice(at, at + 2)) ? 2 : 0;
  return MARKS[unit] ?? 0;
}
