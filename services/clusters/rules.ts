import { createHash } from 'node:crypto';
import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

const range = z.tuple([z.number(), z.number()]);
const signature = z.strictObject({
  mode: z.enum(['on', 'shadow', 'off']),
  thresholds: z.record(z.string(), z.union([z.number(), range])),
});
const allowed = z.strictObject({
  kind: z.enum(['account', 'cluster', 'organization']),
  value: z.string().min(1),
  owner: z.string().min(1),
  reason: z.string().min(1),
  expires: z.iso.date(),
});
const share = z.number().min(0).max(1);
/** Never negative: no evidence may speak for innocence, or an attacker would produce it. */
const weight = z.number().min(0);
const confidence = z.strictObject({
  intercept: z.number(),
  structure: weight,
  enumeration: weight,
  product: weight,
  capability: weight,
  access: weight,
  novelty: weight,
  harvest: weight,
  sweep: weight,
});
const schema = z.strictObject({
  version: z.literal(1),
  signatures: z.record(z.string(), signature),
  confidence,
  alerts: z.strictObject({
    page_from: share,
    ticket_from: share,
    least_cluster_accounts: z.int().min(2),
    least_calls: z.int().min(1),
    single_account_calls: z.int().min(1),
    resolve_after_quiet_hours: z.int().min(1),
    runbooks: z.url(),
  }),
  allow: z.array(allowed).default([]),
});

export type RulesFile = z.infer<typeof schema>;

/** The rules in force, and the hash that names them on every alert. */
export interface Rules extends RulesFile {
  hash: string;
}

export interface RulesProblem {
  line: number;
  column: number;
  path: string;
  message: string;
}

export type ParsedRules = { ok: true; rules: Rules } | { ok: false; problems: RulesProblem[] };

/** All problems at once, each with its place in the text. */
export function parseRules(text: string, knownSignatures: readonly string[]): ParsedRules {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (path: readonly PropertyKey[], message: string): RulesProblem => {
    let place = 0;
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
      if (!isNode(node) || node.range == null) continue;
      place = node.range[0];
      break;
    }
    const { line, col } = lines.linePos(place);
    return { line, column: col, path: path.map(String).join('.'), message };
  };
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map(({ pos, message }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { line, column: col, path: '', message: message.split('\n', 1)[0] ?? message };
      }),
    };
  }
  const problems: RulesProblem[] = [];
  const parsed = schema.safeParse(document.toJS());
  if (!parsed.success) for (const { path, message } of parsed.error.issues) problems.push(at(path, message));
  const named = document.get('signatures');
  if (isMap(named)) {
    for (const item of named.items) {
      const name = String(item.key);
      if (!knownSignatures.includes(name))
        problems.push(
          at(['signatures', name], `no signature is called ${name}; there are ${knownSignatures.join(', ')}`),
        );
    }
  }
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    rules: { ...parsed.data, hash: createHash('sha256').update(canonical(parsed.data)).digest('hex').slice(0, 16) },
  };
}

/** The same rules in another order, with other comments, are the same rules. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
    .join(',')}}`;
}
