import { clickHouseError } from './errors.ts';
import { findInsertHead, type InsertHead } from './insert-head.ts';
import { killable } from './kill.ts';
import { lex, type Token } from './lexer.ts';

/** What the interface must know of a statement before the engine sees it. */
export type Statement = { kind: 'insert'; head: InsertHead } | Query;

/** A statement that takes no data from outside; INSERT ... SELECT is one. */
export interface Query {
  kind: 'query';
  sql: string;
  /** The output format it names; null when it names none. */
  format: string | null;
  /** A SELECT of which no part is run while it is analysed: see `Connection.stream`. */
  canStream: boolean;
  isKill: boolean;
}

/**
 * Takes a statement apart, data of an INSERT included. This must not be left to the engine: chdb ends inline data at the first blank line, and VALUES at
 * the first semicolon, and runs the rest **as SQL**; and it runs several statements at once where a server refuses.
 */
export function readStatement(bytes: Buffer): Statement {
  const tokens: Token[] = [];
  let verb: string | null = null;
  for (const token of lex(bytes.toString('latin1'))) {
    if (verb === null && token.kind === 'word') verb = token.text;
    const head = verb === 'INSERT' ? findInsertHead(bytes, tokens, token) : null;
    if (head !== null) return { kind: 'insert', head };
    const before = tokens.at(-1);
    if (before?.text === ';' && before.depth === 0) throw multiStatement(before);
    tokens.push(token);
  }
  if (verb === null) throw clickHouseError(62, 'SYNTAX_ERROR', 'Syntax error: Empty query');
  const sql = bytes.toString();
  const isKill = verb === 'KILL';
  const format = outputFormat(tokens);
  return {
    kind: 'query',
    sql: isKill ? killable(sql) : sql,
    isKill,
    format: format === null ? null : bytes.toString('utf8', format.start, format.end),
    canStream: STREAMABLE.has(verb) && tokens.filter(({ text }) => text === 'SELECT').length === 1,
  };
}

const STREAMABLE = new Set(['SELECT', 'WITH', 'FROM']);

/** The last `FORMAT name` that only `SETTINGS ...`, `INTO OUTFILE` or a semicolon follows. */
function outputFormat(tokens: readonly Token[]): Token | null {
  for (let i = tokens.length - 1; i > 1; i--) {
    const [before, keyword, name, next] = [tokens[i - 2], tokens[i - 1], tokens[i], tokens[i + 1]];
    if (keyword?.text !== 'FORMAT' || keyword.depth > 0 || name?.kind !== 'word') continue;
    const isColumn = before !== undefined && ['SELECT', ',', '.'].includes(before.text);
    const isLast = next === undefined || [';', 'SETTINGS', 'INTO'].includes(next.text);
    if (isLast && !isColumn) return name;
  }
  return null;
}

function multiStatement(semicolon: Token): Error {
  const where = `failed at position ${semicolon.end} (end of query)`;
  return clickHouseError(62, 'SYNTAX_ERROR', `Syntax error (Multi-statements are not allowed): ${where}`);
}
