import { allowWarnings } from './allow.ts';
import { parseRules } from './parse.ts';
import type { RulesProblem } from './problem.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Everything that is wrong with a rule file, or probably not meant, at `now` (milliseconds): errors keep it from being used, warnings do not. */
export function lintRules(text: string, vocabulary: Vocabulary, now: number): RulesProblem[] {
  const parsed = parseRules(text, vocabulary);
  if (!parsed.ok) return parsed.problems;
  const { rules, warnings, locate } = parsed;
  const { page_from, ticket_from } = rules.alerts;
  const order: RulesProblem[] =
    ticket_from > page_from
      ? [
          {
            severity: 'warning',
            path: 'alerts.ticket_from',
            message: `is above page_from (${page_from}): there will be no tickets`,
            ...locate(['alerts', 'ticket_from']),
          },
        ]
      : [];
  const exceptions = allowWarnings(rules.allow, now).map(
    ({ index, key, message }): RulesProblem => ({
      severity: 'warning',
      path: `allow.${index}.${key}`,
      message,
      ...locate(['allow', index, key]),
    }),
  );
  return [...warnings, ...order, ...exceptions];
}
