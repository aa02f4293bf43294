import type { LinkEvidence } from '../../records/assignment.ts';

/**
 * Far above what an alert shows: cutting a partition's share short would make what is left depend on how accounts are partitioned. It only bounds what an
 * attacker can make us keep.
 */
const MOST_EVIDENCE = 512;

/** Gathers the evidence of many members, each attribute once. */
export interface EvidenceSum {
  add(evidence: readonly LinkEvidence[]): void;
  /** In an order that does not depend on theirs. */
  sum(): LinkEvidence[];
}

/** By attribute: a cluster of thousands brings eight of each, hour by hour. */
export function createEvidenceSum(): EvidenceSum {
  const byAttribute = new Map<string, LinkEvidence>();
  return {
    add(evidence) {
      for (const entry of evidence) {
        const key = `${entry.kind} ${entry.attribute}`;
        const known = byAttribute.get(key);
        if (known === undefined) byAttribute.set(key, { ...entry });
        else {
          known.accounts = Math.max(known.accounts, entry.accounts);
          known.weight = Math.max(known.weight, entry.weight);
        }
      }
    },
    sum: () =>
      [...byAttribute.values()]
        .sort((a, b) => compare(a.kind, b.kind) || compare(a.attribute, b.attribute))
        .slice(0, MOST_EVIDENCE),
  };
}

/** Takes the evidence of another part into that of this one. */
export function addEvidence(into: LinkEvidence[], more: readonly LinkEvidence[]): void {
  if (more.length === 0) return;
  const all = createEvidenceSum();
  all.add(into);
  all.add(more);
  into.splice(0, into.length, ...all.sum());
}

/** Strongest first: weight, more the more accounts it joins. */
export function strongestEvidence(evidence: readonly LinkEvidence[], most: number): LinkEvidence[] {
  const strength = ({ weight, accounts }: LinkEvidence): number => weight * Math.log2(accounts + 1);
  return [...evidence]
    .sort((a, b) => strength(b) - strength(a) || compare(a.kind, b.kind) || compare(a.attribute, b.attribute))
    .slice(0, most)
    .map((entry) => ({ ...entry }));
}

/** Largest share of the accounts of a cluster that pay by one means, 0..1. */
export function samePayer(evidence: readonly { kind: string; accounts: number }[], accounts: number): number {
  let most = 0;
  for (const entry of evidence) if (entry.kind === 'payment_fingerprint') most = Math.max(most, entry.accounts);
  return Math.min(1, most / Math.max(1, accounts));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
