import { canonical } from './hash.ts';
import type { AllowEntry, Rules } from './schema.ts';

/** One thing that two rule files say differently. */
export interface RulesChange {
  /** Where, such as `signatures.rubric-grading.mode`; an exception by its kind and value, `allow.cluster:c_1`. */
  path: string;
  /** As the rules have it; null where they say nothing of it. */
  a: unknown;
  b: unknown;
}

/** What differs: modes and thresholds, weights, severities, exceptions, in the order of the sections. Comments and order mean nothing. */
export function diffRules(a: Rules, b: Rules): RulesChange[] {
  const [left, right] = [leaves(a), leaves(b)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((path) => ({ path, a: left.get(path) ?? null, b: right.get(path) ?? null }))
    .filter((change) => canonical(change.a) !== canonical(change.b));
}

/** Each thing that rules can say, by its path. */
function leaves({ signatures, confidence, alerts, allow }: Rules): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, rule] of Object.entries(signatures)) {
    found.set(`signatures.${name}.mode`, rule?.mode);
    for (const [threshold, value] of Object.entries(rule?.thresholds ?? {}))
      found.set(`signatures.${name}.thresholds.${threshold}`, value);
  }
  for (const [section, values] of Object.entries({ confidence, alerts }))
    for (const [name, value] of Object.entries(values)) found.set(`${section}.${name}`, value);
  for (const [name, entries] of Map.groupBy(allow, nameOf))
    for (const [place, { owner, reason, expires }] of entries.entries())
      found.set(`allow.${name}${place === 0 ? '' : ` (${place + 1})`}`, { owner, reason, expires });
  return found;
}

function nameOf({ kind, value }: AllowEntry): string {
  return `${kind}:${value}`;
}
