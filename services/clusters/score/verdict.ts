import type { AlertSignature, Severity, Verdict } from '../../records/alert.ts';
import type { SubjectType } from '../../records/subject-window.ts';
import type { ResolvedRules } from '../../rules/resolve.ts';
import type { Rules } from '../../rules/schema.ts';
import { SIGNATURES } from '../signatures/all.ts';
import type { Facet, SubjectView } from '../signatures/signature.ts';

export interface Judgement {
  verdict: Verdict | null;
  severity: Severity | null;
  /** 0..1. */
  confidence: number;
  /** Signatures in force that had enough to look at. */
  signatures: AlertSignature[];
  /** Scored but not in force: stored, never alerting. */
  shadow: AlertSignature[];
}

/** Below this a facet is not there at all. */
const FACET_FROM = 0.5;

/**
 * Linkage is not guilt: a linked pool without harvest is `coordinated_pool` and never pages. Harvesting needs two things at once that honest bulk work does not
 * show together over many accounts: a queue worked off (enumeration), and a product that is training data.
 *
 * Confidence is a logistic of the facets' strongest scores. Its weights are set by hand from what each facet can and cannot tell apart, not fitted.
 */
export function judge(view: SubjectView, rules: ResolvedRules, callsThisHour: number): Judgement {
  const signatures: AlertSignature[] = [];
  const shadow: AlertSignature[] = [];
  const facets = new Map<Facet, number>();
  for (const { name, version, facet, evaluate } of SIGNATURES) {
    const rule = rules.signatures[name];
    if (rule === undefined || rule.mode === 'off') continue;
    const result = evaluate(view, rule.thresholds);
    if (result === null) continue;
    (rule.mode === 'on' ? signatures : shadow).push({ name, version, ...result });
    if (rule.mode === 'on') facets.set(facet, Math.max(facets.get(facet) ?? 0, result.score));
  }
  const facet = (name: Facet): number => facets.get(name) ?? 0;
  const z =
    -5.5 +
    3.5 * facet('enumeration') +
    3 * facet('product') +
    2 * facet('structure') +
    1 * facet('access') +
    (view.subjectType === 'cluster' ? 1 : 0);
  const confidence = 1 / (1 + Math.exp(-z));
  const harvest = facet('enumeration') >= FACET_FROM && facet('product') >= FACET_FROM;
  const none = { verdict: null, severity: null, confidence, signatures, shadow };
  if (harvest && mayHarvest(view.subjectType, facet('access'), callsThisHour, rules)) {
    const { page_from, ticket_from } = rules.alerts;
    if (confidence >= page_from) return { ...none, verdict: 'harvesting', severity: 'page' };
    if (confidence >= ticket_from) return { ...none, verdict: 'harvesting', severity: 'ticket' };
  }
  if (view.subjectType === 'cluster' && facet('structure') >= FACET_FROM)
    return { ...none, verdict: 'coordinated_pool', severity: 'info' };
  return none;
}

/** Whether enough has been seen of a subject to say anything of it. */
export function isEnough(
  view: Pick<SubjectView, 'subjectType' | 'calls' | 'accounts'>,
  { alerts }: Pick<Rules, 'alerts'>,
): boolean {
  return (
    view.calls >= alerts.least_calls &&
    (view.subjectType === 'account' || view.accounts >= alerts.least_cluster_accounts)
  );
}

/** One customer who labels data in bulk is a customer. A single account is accused only in the plain case: very loud, and through a non-standard client. */
function mayHarvest(subject: SubjectType, access: number, callsThisHour: number, rules: ResolvedRules): boolean {
  return subject === 'cluster' || (access >= 0.8 && callsThisHour >= rules.alerts.single_account_calls);
}
