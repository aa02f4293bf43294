import type { LinkKind } from '../records/link-observation.ts';
import type { AttributeIndex } from './attribute-index.ts';
import { attributeWeight, batchWeight } from './rarity.ts';
import type { LinkSettings } from './settings.ts';
import type { Signups } from './signups.ts';

export interface AttributeWeight {
  /** 0..1. */
  weight: number;
  /** People both sign up and call there. */
  isPlace: boolean;
}

export interface AttributeWeights {
  of(kind: LinkKind, value: string): AttributeWeight;
}

/** What attributes say of those who share them, worked out once for all pairs: good until the index changes. */
export function createAttributeWeights(
  index: AttributeIndex,
  signups: Signups,
  settings: LinkSettings,
): AttributeWeights {
  const known = new Map<LinkKind, Map<string, AttributeWeight>>();
  const weightOf = (kind: LinkKind, value: string): number => {
    const degree = index.degree(kind, value);
    if (kind === 'signup_batch') return batchWeight(degree, signups.expected(value, degree), settings);
    if (kind === 'work_queue') return degree < settings.leastCluster ? 0 : settings.kinds.work_queue.base;
    return attributeWeight(kind, degree, settings);
  };
  return {
    of(kind, value) {
      let ofKind = known.get(kind);
      if (ofKind === undefined) {
        ofKind = new Map();
        known.set(kind, ofKind);
      }
      let weight = ofKind.get(value);
      if (weight === undefined) {
        // A place also where it is too common to weigh anything: the larger the crowd, the more it explains.
        weight = { weight: weightOf(kind, value), isPlace: index.isPlace(kind, value) };
        ofKind.set(value, weight);
      }
      return weight;
    },
  };
}
