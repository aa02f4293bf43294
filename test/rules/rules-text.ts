import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseRules } from '../../services/rules/parse.ts';
import type { Rules } from '../../services/rules/schema.ts';
import { VOCABULARY } from '../../services/rules/vocabulary.ts';
import { DEFAULT_RULES } from '../../services/run/context.ts';

/** The rules that come with stillwatch. */
export const TEXT = readFileSync(DEFAULT_RULES, 'utf8');

export function parsed(text: string): Rules {
  const result = parseRules(text, VOCABULARY);
  assert.ok(result.ok, result.ok ? '' : JSON.stringify(result.problems));
  return result.rules;
}

export const RULES = parsed(TEXT);
