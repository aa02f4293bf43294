import type { LinkEvidence } from '../../records/assignment.ts';

const MOST_EVIDENCE = 8;

/** Keeps the strongest evidence of a cluster's members, each attribute once, in an order that does not depend on theirs. */
export function addEvidence(into: LinkEvidence[], more: readonly LinkEvidence[]): void {
  for (const evidence of more) {
    const known = into.find(({ kind, attribute }) => kind === evidence.kind && attribute === evidence.attribute);
    if (known === undefined) into.push({ ...evidence });
    else {
      known.accounts = Math.max(known.accounts, evidence.accounts);
      known.weight = Math.max(known.weight, evidence.weight);
    }
  }
  into.sort((a, b) => b.weight * Math.log2(b.accounts + 1) - a.weight * Math.log2(a.accounts + 1) || compare(a.kind, b.kind) || compare(a.attribute, b.attribute));
  into.length = Math.min(into.length, MOST_EVIDENCE);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
