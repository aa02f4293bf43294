import { createHash } from 'node:crypto';
import type { RulesFile } from './schema.ts';

/** Names rules by what they say: the same rules in another order, with other comments, are the same rules. */
export function hashRules(rules: RulesFile): string {
  return createHash('sha256').update(canonical(rules)).digest('hex').slice(0, 16);
}

/** JSON whose keys are in order. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
    .join(',')}}`;
}
