import type { LinkEvidence } from '../../records/assignment.ts';

/**
 * Far above what an alert shows: cutting a partition's share short would make what is left depend on how accounts are partitioned. It only bounds what an
 * attacker can make us keep.
 */
const MOST_EVIDENCE = 512;

/** Takes in the evidence of a cluster's members, each attribute once, in an order that does not depend on theirs. */
export function addEvidence(into: LinkEvidence[], more: readonly LinkEvidence[]): void {
  for (const evidence of more) {
    const known = into.find(({ kind, attribute }) => kind === evidence.kind && attribute === evidence.attribute);
    if (known === undefined) into.push({ ...evidence });
    else {
      known.accounts = Math.max(known.accounts, evidence.accounts);
      known.weight = Math.max(known.weight, evidence.weight);
    }
  }
  into.sort((a, b) => compare(a.kind, b.kind) || compare(a.attribute, b.attribute));
  if (into.length > MOST_EVIDENCE) into.length = MOST_EVIDENCE;
}

/** Strongest first: weight, more the more accounts it joins. */
export function strongestEvidence(evidence: readonly LinkEvidence[], most: number): LinkEvidence[] {
  const strength = ({ weight, accounts }: LinkEvidence): number => weight * Math.log2(accounts + 1);
  return [...evidence]
    .sort((a, b) => strength(b) - strength(a) || compare(a.kind, b.kind) || compare(a.attribute, b.attribute))
    .slice(0, most)
    .map((entry) => ({ ...entry }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
