import { LineCounter, parseDocument } from 'yaml';
import { place, placeOfKey, placeOfValue } from '../place-in-text.ts';
import type { RulesProblem } from '../problem.ts';
import { type CaseFile, caseFileSchema } from './schema.ts';

export type ReadCases = { ok: true; cases: CaseFile } | { ok: false; problems: RulesProblem[] };

export function readCases(text: string): ReadCases {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems: RulesProblem[] = document.errors.map(({ pos, message }) => ({
    severity: 'error',
    path: '',
    message: message.split('\n', 1)[0] ?? message,
    ...place(lines, pos[0]),
  }));
  if (problems.length > 0) return { ok: false, problems };
  const parsed = caseFileSchema.safeParse(document.toJS());
  if (parsed.success) return { ok: true, cases: parsed.data };
  for (const issue of parsed.error.issues) {
    // A test that is neither of the two kinds: what is wrong with it as the kind that it looks like.
    const isTraffic = document.hasIn([...issue.path, 'traffic']);
    const inner = issue.code === 'invalid_union' ? (issue.errors[isTraffic ? 1 : 0] ?? []) : [issue];
    for (const one of inner) {
      const path = issue.code === 'invalid_union' ? [...issue.path, ...one.path] : one.path;
      const key = one.code === 'unrecognized_keys' ? one.keys[0] : undefined;
      problems.push({
        severity: 'error',
        path: path.map(String).join('.'),
        message: one.message,
        ...(key === undefined ? placeOfValue(document, lines, path) : placeOfKey(document, lines, path, key)),
      });
    }
  }
  return { ok: false, problems };
}
