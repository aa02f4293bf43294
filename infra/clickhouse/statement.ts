import { clickHouseError } from './errors.ts';

/** What the interface must know of a statement before the engine sees it. */
export interface Statement {
  sql: string;
  isInsert: boolean;
  isSelect: boolean;
  /** Output format: named in the statement, by the request, or ClickHouse's default. */
  format: string;
}

const LOOKED_FOR_VERB = 4_000;

export function readStatement(sql: string, defaultFormat: string | null): Statement {
  if (sql.trim() === '') throw clickHouseError(62, 'SYNTAX_ERROR', 'Syntax error: Empty query');
  const begins = sql.slice(0, LOOKED_FOR_VERB).replace(/^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()+/, '');
  const isSelect = /^(SELECT|WITH|FROM)\b/i.test(begins);
  const named = isSelect ? /\bFORMAT\s+(\w+)(\s+SETTINGS\b[\s\S]*)?[\s;]*$/i.exec(sql)?.[1] : undefined;
  return {
    sql: killable(sql),
    isInsert: /^INSERT\b/i.test(begins),
    isSelect,
    format: named ?? defaultFormat ?? 'TabSeparated',
  };
}

/** The engine has no query ids of its own, so requests carry theirs as log_comment; and `KILL QUERY ... SYNC` never returns in chdb. */
function killable(sql: string): string {
  if (!/^\s*KILL\s+QUERY/i.test(sql)) return sql;
  return sql.replace(/\bquery_id\b/g, "Settings['log_comment']").replace(/\bSYNC\b/i, 'ASYNC');
}

/** An INSERT that ends where its data should begin. */
export function awaitsData(sql: string): boolean {
  return /\b(FORMAT\s+\w+|VALUES)\s*$/i.test(sql);
}

/** An INSERT whose data stands in the statement itself, apart from it; null when it has none that must be taken apart. */
export function splitInlineData(sql: string): { sql: string; data: Buffer } | null {
  if (!/\r?\n\r?\n/.test(sql)) return null;
  const head = /^([\s\S]*?\bFORMAT\s+\w+)[ \t]*\r?\n/i.exec(sql);
  if (head?.[1] === undefined || /\bSELECT\b/i.test(head[1])) return null;
  return { sql: head[1], data: Buffer.from(sql.slice(head[0].length)) };
}

/** The same INSERT, reading its data from a file. */
export function insertFromFile(sql: string, file: string): string {
  const tail = /(\s+SETTINGS\s(?:(?!\bFORMAT\b)[\s\S])*)?(\s+FORMAT\s+\w+|\s+VALUES)\s*;?\s*$/i.exec(sql);
  if (tail === null) throw clickHouseError(62, 'SYNTAX_ERROR', 'INSERT with data needs FORMAT or VALUES at its end');
  const format = (tail[2] ?? '').replace(/VALUES/i, 'FORMAT Values');
  return `${sql.slice(0, tail.index)} FROM INFILE ${quote(file)}${tail[1] ?? ''}${format}`;
}

/** chdb ends inline data at the first blank line and runs what follows as SQL. */
export function hasBlankLine(data: Buffer): boolean {
  return data.includes('\n\n') || data.includes('\n\r\n');
}

export function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
}

export function identifier(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}
