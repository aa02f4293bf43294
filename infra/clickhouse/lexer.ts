/** A token of ClickHouse's SQL; comments and white space are none. */
export interface Token {
  kind: 'word' | 'quoted' | 'symbol';
  /** Words in upper case. */
  text: string;
  start: number;
  end: number;
  /** Brackets open around it. */
  depth: number;
}

const WHITE_SPACE = /[ \t\r\n\f\v]+/y;
const LINE_COMMENT = /(?:--|\/\/|#[ !])[^\n]*/y;
const WORD = /\w+/y;
const HEREDOC = /\$\w*\$/y;
/** Typographic quotation marks, which ClickHouse takes for plain ones; as the bytes of their UTF-8. */
const TYPOGRAPHIC_QUOTE = /\xe2\x80[\x98\x9c]/y;

/**
 * The tokens of a statement as the engine's own lexer would find them, as far as needed to tell keywords from quoted text. `sql` is the statement's
 * UTF-8 decoded as latin1, so that offsets count bytes, whatever data follows the statement.
 */
export function* lex(sql: string): Generator<Token, void> {
  let at = 0;
  let depth = 0;
  while (at < sql.length) {
    const skipped = match(WHITE_SPACE, sql, at) ?? match(LINE_COMMENT, sql, at) ?? blockComment(sql, at);
    if (skipped !== null) {
      at = skipped;
      continue;
    }
    const start = at;
    const char = sql.charAt(at);
    const quoted = quotedText(sql, at);
    const word = quoted === null ? match(WORD, sql, at) : null;
    at = quoted ?? word ?? at + 1;
    if (')]}'.includes(char)) depth -= 1;
    const kind = quoted !== null ? 'quoted' : word !== null ? 'word' : 'symbol';
    yield { kind, text: kind === 'quoted' ? char : sql.slice(start, at).toUpperCase(), start, end: at, depth };
    if ('([{'.includes(char)) depth += 1;
  }
}

function match(pattern: RegExp, sql: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : null;
}

/** Block comments nest. */
function blockComment(sql: string, start: number): number | null {
  if (!sql.startsWith('/*', start)) return null;
  let open = 1;
  for (let at = start + 2; at < sql.length; at++) {
    if (sql.startsWith('*/', at)) open -= 1;
    else if (sql.startsWith('/*', at)) open += 1;
    else continue;
    at += 1;
    if (open === 0) return at + 1;
  }
  return sql.length;
}

function quotedText(sql: string, start: number): number | null {
  const char = sql.charAt(start);
  if (char === "'" || char === '"' || char === '`') return endOfQuoted(sql, start, char);
  const heredoc = char === '$' ? match(HEREDOC, sql, start) : null;
  if (heredoc !== null) return after(sql, sql.slice(start, heredoc), heredoc);
  if (match(TYPOGRAPHIC_QUOTE, sql, start) === null) return null;
  return after(sql, sql.startsWith('\xe2\x80\x98', start) ? '\xe2\x80\x99' : '\xe2\x80\x9d', start + 3);
}

/** A backslash and a doubled quotation mark escape; text that is never closed reaches to the end. A loop, since a pattern would recurse on long text. */
function endOfQuoted(sql: string, start: number, quote: string): number {
  for (let at = start + 1; at < sql.length; at++) {
    const char = sql.charAt(at);
    if (char === '\\') at += 1;
    else if (char === quote) {
      if (sql.charAt(at + 1) !== quote) return at + 1;
      at += 1;
    }
  }
  return sql.length;
}

function after(sql: string, end: string, from: number): number {
  const at = sql.indexOf(end, from);
  return at < 0 ? sql.length : at + end.length;
}
