import { samePayer } from '../../clusters/premerge/evidence.ts';
import { isEnough, judge } from '../../clusters/score/verdict.ts';
import type { SubjectView } from '../../clusters/signatures/signature.ts';
import { coveringEntry } from '../allow.ts';
import { resolveRules } from '../resolve.ts';
import type { Rules } from '../schema.ts';
import { createDifferences, type Difference } from './expectation.ts';
import type { FeatureCase } from './schema.ts';

/** Judges one subject as the score step does at the end of an hour, with the cohort that the case describes in place of the population. */
export function runFeatureCase({ at, subject, features, cohort, expect }: FeatureCase, rules: Rules): Difference[] {
  const view: SubjectView = {
    subjectType: subject.type,
    features: new Map(Object.entries(features)),
    prompts: subject.prompts ?? subject.calls,
    calls: subject.calls,
    accounts: subject.accounts,
    samePayer: samePayer(subject.evidence, subject.accounts),
    isDeclared: subject.type === 'account' && subject.verified && subject.organization !== null,
    mean: () => null,
    place: (feature) => ({ percentile: null, usual: cohort[feature]?.usual ?? null, note: '' }),
  };
  const resolved = resolveRules(rules, (feature, percentile) => cohort[feature]?.percentiles[percentile] ?? null);
  const judgement = judge(view, resolved, subject.calls_this_hour ?? subject.calls);
  const exception = coveringEntry(
    rules,
    { ...subject, accountCount: subject.accounts, accounts: subject.sample_accounts, evidence: subject.evidence },
    Date.parse(at),
  );
  const counts = exception === null && isEnough(view, rules);
  const scores = new Map([...judgement.signatures, ...judgement.shadow].map(({ name, score }) => [name, score]));

  const differences = createDifferences();
  differences.same('verdict', expect.verdict, (counts ? judgement.verdict : null) ?? 'none');
  differences.same('severity', expect.severity, (counts ? judgement.severity : null) ?? 'none');
  differences.within('confidence', expect.confidence, judgement.confidence);
  differences.same('excused_by', expect.excused_by, exception?.kind ?? 'none');
  for (const [name, range] of Object.entries(expect.signatures ?? {}))
    differences.within(`signatures.${name}`, range, scores.get(name) ?? null);
  return differences.list;
}
