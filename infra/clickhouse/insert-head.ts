import { clickHouseError } from './errors.ts';
import type { Token } from './lexer.ts';
import { quote } from './quote.ts';

/** An INSERT that takes data from outside: `INSERT INTO t (a, b)`, `SETTINGS x = 1`, `CSV`, and what follows it. */
export interface InsertHead {
  target: string;
  settings: string;
  format: string;
  /** Data that came with the statement; may be empty. */
  data: Buffer;
}

/** The head that ends with `token`, `before` being the tokens so far of an INSERT; null while it goes on. `bytes` is the whole statement. */
export function findInsertHead(bytes: Buffer, before: readonly Token[], token: Token): InsertHead | null {
  const last = before.at(-1);
  if (token.depth > 0 || token.kind !== 'word' || last === undefined) return null;
  const isFormat = last.text === 'FORMAT' && last.depth === 0 && !namesTable(before.at(-2));
  if (!isFormat) {
    if (token.text !== 'VALUES' || namesTable(last) || isSelect(before)) return null;
    return insertHead(bytes, before, token.start, token.end, 'Values');
  }
  if (before.some(({ text }) => text === 'INFILE')) return null;
  if (!isSelect(before))
    return insertHead(bytes, before, last.start, token.end, bytes.toString('utf8', token.start, token.end));
  if (!before.some(({ text }) => text === 'INPUT')) return null;
  throw clickHouseError(
    48,
    'NOT_IMPLEMENTED',
    'The embedded engine loses the data of INSERT ... SELECT ... FROM input()',
  );
}

function isSelect(tokens: readonly Token[]): boolean {
  return tokens.some(({ depth, text }) => depth === 0 && (text === 'SELECT' || text === 'WITH'));
}

/** After these words stands a table's name, even one that looks like a keyword. */
function namesTable(before: Token | undefined): boolean {
  return before !== undefined && ['INTO', 'TABLE', '.'].includes(before.text);
}

function insertHead(
  bytes: Buffer,
  tokens: readonly Token[],
  clauseStart: number,
  end: number,
  format: string,
): InsertHead {
  const settings = tokens.findLast(
    ({ depth, text }, i) => depth === 0 && text === 'SETTINGS' && !namesTable(tokens[i - 1]),
  );
  const targetEnd = settings?.start ?? clauseStart;
  return {
    target: bytes.toString('utf8', 0, targetEnd).trimEnd(),
    settings: bytes.toString('utf8', targetEnd, clauseStart).trimEnd(),
    format,
    data: bytes.subarray(dataStart(bytes, end)),
  };
}

const LONGEST_GAP = 256;

/** Data begins after the spaces behind the head and after one end of line: further ones are data. */
function dataStart(bytes: Buffer, headEnd: number): number {
  const [skipped = ''] = /^[ \t\f]*(?:\r?\n)?/.exec(bytes.toString('latin1', headEnd, headEnd + LONGEST_GAP)) ?? [];
  return headEnd + skipped.length;
}

/** The INSERT that reads its data from a file. */
export function insertFromFile({ target, settings, format }: InsertHead, file: string): string {
  return `${target}\nFROM INFILE ${quote(file)} ${settings} FORMAT ${format}`;
}
