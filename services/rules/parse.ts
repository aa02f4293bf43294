import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from '../platform/suggest.ts';
import { hashRules } from './hash.ts';
import { type Place, place, placeOfKey, placeOfValue } from './place-in-text.ts';
import type { RulesProblem } from './problem.ts';
import { type Rules, type RulesFile, rulesSchema, SECTION_KEYS } from './schema.ts';
import type { Vocabulary } from './vocabulary.ts';

export type ParsedRules =
  | { ok: true; rules: Rules; warnings: RulesProblem[]; locate(path: readonly PropertyKey[]): Place }
  | { ok: false; problems: RulesProblem[] };

/** All problems at once, each with its place in the text and, where a name is nearly one that exists, what was meant. */
export function parseRules(text: string, vocabulary: Vocabulary): ParsedRules {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0)
    return {
      ok: false,
      problems: document.errors.map(({ pos, message }) =>
        error('', message.split('\n', 1)[0] ?? message, place(lines, pos[0])),
      ),
    };
  const parsed = rulesSchema(vocabulary.signatures, vocabulary.placedFeatures).safeParse(document.toJS());
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues
        .flatMap((issue) => explain(issue, document, lines, vocabulary))
        .sort((a, b) => a.line - b.line || a.column - b.column),
    };
  return {
    ok: true,
    rules: { ...parsed.data, hash: hashRules(parsed.data) },
    warnings: unused(parsed.data, document, lines, vocabulary),
    locate: (path) => placeOfValue(document, lines, path),
  };
}

/** Signatures that the file does not mention are off: said, since a new release may have brought them. */
function unused(rules: RulesFile, document: Document, lines: LineCounter, { signatures }: Vocabulary): RulesProblem[] {
  return signatures
    .filter(({ name }) => rules.signatures[name] === undefined)
    .map(({ name }) => ({
      severity: 'warning',
      path: 'signatures',
      message: `${name} is not mentioned, so it is off; say \`mode: off\` if that is meant`,
      ...placeOfKey(document, lines, [], 'signatures'),
    }));
}

function explain(
  issue: z.core.$ZodIssue,
  document: Document,
  lines: LineCounter,
  vocabulary: Vocabulary,
): RulesProblem[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      error(
        path === '' ? key : `${path}.${key}`,
        unknownKey(issue.path, key, vocabulary),
        placeOfKey(document, lines, issue.path, key),
      ),
    );
  const at = placeOfValue(document, lines, issue.path);
  const given: unknown = document.getIn(issue.path);
  if (given === undefined) return [error(path, 'is missing', at)];
  if (issue.code === 'invalid_value' && typeof given === 'string') {
    const values = issue.values.map(String);
    return [error(path, `expected ${values.join(' | ')}, found ${given}${didYouMean(given, values)}`, at)];
  }
  return [error(path, issue.message, at)];
}

function unknownKey(path: readonly PropertyKey[], key: string, { signatures }: Vocabulary): string {
  const [section, name, part] = path.map(String);
  if (section === undefined) return `there is no such section${didYouMean(key, Object.keys(SECTION_KEYS))}`;
  if (section === 'signatures' && name === undefined) {
    const names = signatures.map((signature) => signature.name);
    return `no signature is called ${key}${didYouMean(key, names) || `; there are ${names.join(', ')}`}`;
  }
  if (section === 'signatures' && part === 'thresholds') {
    const names = signatures.find((signature) => signature.name === name)?.thresholds ?? [];
    return `${name} reads no threshold ${key}${didYouMean(key, names) || `; it reads ${names.join(', ')}`}`;
  }
  const known = section === 'signatures' ? ['mode', 'thresholds'] : (SECTION_KEYS[section] ?? []);
  return `there is no such key${didYouMean(key, known) || (known.length > 0 ? `; there are ${known.join(', ')}` : '')}`;
}

function error(path: string, message: string, at: Place): RulesProblem {
  return { severity: 'error', path, message, ...at };
}
