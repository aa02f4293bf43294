import type { LinkKind } from '../records/link-observation.ts';
import type { LinkedAccount, LinkGraph } from './graph.ts';
import {
  ALONE_AT,
  COMPARED,
  type EvidenceGroup,
  GROUP_COUNTS_AT,
  LEAST_BIN_SHARE,
  LEAST_SHARED_BINS,
  LINK_AT,
  LINK_KINDS,
} from './settings.ts';

export interface SharedAttribute {
  kind: LinkKind;
  value: string;
  /** 0..1. */
  weight: number;
}

/** What two accounts have in common, and how much it says that they are one actor. */
export interface PairEvidence {
  other: string;
  strength: number;
  linked: boolean;
  shared: SharedAttribute[];
}

/**
 * Weight of an attribute that `degree` accounts share: its base over log2 of the degree (FRAUDAR, KDD'16: log-degree weights resist camouflage), nothing
 * above its cap.
 */
export function attributeWeight(kind: LinkKind, degree: number): number {
  const { base, cap } = LINK_KINDS[kind];
  if (degree < 2 || degree > cap) return 0;
  return base / (1 + Math.log2(degree / 2) / 8);
}

/** The accounts that share an attribute with this one, compared with it, strongest first. `also`: accounts to compare with in any case (its present links). */
export function evidenceOf(id: string, graph: LinkGraph, also: ReadonlySet<string>): PairEvidence[] {
  const owner = graph.known(id);
  if (owner === undefined) return [];
  const shared = new Map<string, SharedAttribute[]>();
  const bins = new Map<string, number>();
  for (const [kind, values] of owner.sightings) {
    for (const value of values.keys()) {
      const members = graph.members(kind, value);
      const weight = attributeWeight(kind, members.length);
      if (weight === 0) continue;
      for (const other of neighbours(members, id, also)) {
        if (kind === 'lockstep') {
          bins.set(other, (bins.get(other) ?? 0) + 1);
          continue;
        }
        const known = shared.get(other);
        if (known === undefined) shared.set(other, [{ kind, value, weight }]);
        else known.push({ kind, value, weight });
      }
    }
  }
  for (const [other, count] of bins) {
    const weight = lockstepWeight(count, owner, graph.known(other));
    if (weight === 0) continue;
    const known = shared.get(other);
    const attribute: SharedAttribute = { kind: 'lockstep', value: `${count} five-minute bins`, weight };
    if (known === undefined) shared.set(other, [attribute]);
    else known.push(attribute);
  }
  return [...shared]
    .map(([other, attributes]) => ({ other, ...combine(attributes), shared: attributes }))
    .sort((a, b) => b.strength - a.strength || (a.other < b.other ? -1 : 1));
}

/** Groups are independent and add up; inside a group only the strongest counts, since its kinds come together. */
export function combine(attributes: readonly SharedAttribute[]): { strength: number; linked: boolean } {
  const groups = new Map<EvidenceGroup, number>();
  for (const { kind, weight } of attributes) {
    const { group } = LINK_KINDS[kind];
    groups.set(group, Math.max(groups.get(group) ?? 0, weight));
  }
  const weights = [...groups.values()].sort((a, b) => b - a);
  const strength = weights.reduce((sum, weight) => sum + weight, 0);
  const counting = weights.filter((weight) => weight >= GROUP_COUNTS_AT).length;
  const alone = attributes.some(({ kind, weight }) => LINK_KINDS[kind].alone === true && weight >= ALONE_AT);
  return { strength, linked: alone || (counting >= 2 && strength >= LINK_AT) };
}

function lockstepWeight(count: number, mine: LinkedAccount, theirs: LinkedAccount | undefined): number {
  if (count < LEAST_SHARED_BINS) return 0;
  const bins = (account: LinkedAccount | undefined): number => account?.sightings.get('lockstep')?.size ?? 0;
  const share = count / Math.max(1, Math.min(bins(mine), bins(theirs)));
  return share < LEAST_BIN_SHARE ? 0 : LINK_KINDS.lockstep.base * Math.min(1, share);
}

function neighbours(members: readonly string[], id: string, also: ReadonlySet<string>): string[] {
  if (members.length <= COMPARED + 1) return members.filter((member) => member !== id);
  const half = COMPARED / 2;
  return members.filter(
    (member, place) => member !== id && (place < half || place >= members.length - half || also.has(member)),
  );
}
