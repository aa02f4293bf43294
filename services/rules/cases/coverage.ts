import type { Rules } from '../schema.ts';
import type { CaseFile } from './schema.ts';

/** Lowest first. */
const SEVERITIES = ['none', 'info', 'ticket', 'page'] as const;

/** How many cases say that something shows, and how many that it does not. */
export interface Coverage {
  kind: 'signature' | 'severity';
  name: string;
  positive: number;
  negative: number;
}

/**
 * Of every signature that the rules do not switch off, and every severity. Positive: a case that wants a score above 0, or this severity. Negative: one that
 * wants a score of 0, or a lower severity.
 */
export function coverageOf({ signatures }: Pick<Rules, 'signatures'>, tests: CaseFile['tests']): Coverage[] {
  const wanted = tests.flatMap((test) => ('features' in test ? [test.expect] : []));
  const count = (which: (expect: (typeof wanted)[number]) => boolean): number => wanted.filter(which).length;
  const scored = Object.entries(signatures)
    .filter(([, rule]) => rule !== undefined && rule.mode !== 'off')
    .map(([name]): Coverage => {
      const range = (expect: (typeof wanted)[number]) => expect.signatures?.[name];
      return {
        kind: 'signature',
        name,
        positive: count((expect) => (range(expect)?.[0] ?? 0) > 0),
        negative: count((expect) => range(expect)?.[1] === 0),
      };
    });
  const told = SEVERITIES.slice(1).map(
    (name): Coverage => ({
      kind: 'severity',
      name,
      positive: count(({ severity }) => severity === name),
      negative: count(
        ({ severity }) => severity !== undefined && SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(name),
      ),
    }),
  );
  return [...scored, ...told];
}

export function isCovered({ positive, negative }: Coverage): boolean {
  return positive > 0 && negative > 0;
}
