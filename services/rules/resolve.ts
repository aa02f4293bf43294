import type { Rules } from './schema.ts';
import { type Quantile, type ResolvedThreshold, resolveThresholds } from './thresholds.ts';

/** A signature's rule for one subject: every threshold is a number or a range. */
export interface ResolvedRule {
  mode: 'on' | 'shadow' | 'off';
  thresholds: Readonly<Record<string, ResolvedThreshold>>;
}

/** The rules as they apply to one subject. */
export interface ResolvedRules extends Omit<Rules, 'signatures'> {
  signatures: Readonly<Record<string, ResolvedRule | undefined>>;
}

/** Asks for the population's quantiles only where the rules do. */
export function resolveRules(rules: Rules, quantile: Quantile): ResolvedRules {
  const resolved: Record<string, ResolvedRule> = {};
  for (const [name, rule] of Object.entries(rules.signatures)) {
    if (rule !== undefined && rule.mode !== 'off')
      resolved[name] = { mode: rule.mode, thresholds: resolveThresholds(rule.thresholds, quantile) };
  }
  return { ...rules, signatures: resolved };
}
