import { isMap, isSeq, parseDocument, stringify } from 'yaml';
import type { AllowEntry } from './schema.ts';

/** An exception as it stands in a rule file, under `allow:`. */
export function formatEntry(entry: AllowEntry): string {
  return stringify([entry], { lineWidth: 0 });
}

/**
 * A rule file's text with one more exception. Everything else stays as it was, to the byte: comments, order and layout are its owners'. A list in one line
 * (`allow: [{...}]`) becomes a list of lines, since there is no room for reasons in it.
 */
export function addEntry(text: string, entry: AllowEntry): string {
  const document = parseDocument(text);
  const allow: unknown = document.get('allow', true);
  if (!isSeq(allow)) return `${text.trimEnd()}\nallow:\n${indented(formatEntry(entry), 2)}`;
  const [start, end] = allow.range ?? [text.length, text.length];
  if (allow.flow === true) {
    const before: unknown = document.toJS();
    const known = isRecord(before) && Array.isArray(before['allow']) ? before['allow'] : [];
    const items = stringify([...known, entry], { lineWidth: 0 });
    return `${text.slice(0, start).trimEnd()}\n${indented(items, 2).trimEnd()}${text.slice(end)}`;
  }
  const [last] = allow.items.slice(-1);
  const from = isMap(last) ? (last.range?.[0] ?? start) : start;
  const dash = text.lastIndexOf('-', from);
  const indent = dash - (text.lastIndexOf('\n', dash) + 1);
  const stop = isMap(last) ? (last.range?.[1] ?? end) : end;
  // After the line on which the last entry ends, and so after a comment behind it.
  const newline = text.indexOf('\n', Math.max(from, stop - 1));
  const [head, tail] = newline === -1 ? [`${text}\n`, ''] : [text.slice(0, newline + 1), text.slice(newline + 1)];
  return `${head}${indented(formatEntry(entry), indent)}${tail}`;
}

function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
