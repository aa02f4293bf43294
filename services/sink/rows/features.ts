import { FEATURES, type FeatureView } from '../../records/features.ts';

export const FEATURE_COLUMNS: readonly string[] = FEATURES.map(({ name }) => name);

/** Of each feature its value; null where the window does not say. */
export function featureValues(view: FeatureView): (number | null)[] {
  return FEATURES.map(({ compute }) => {
    const value = compute(view);
    return value === null || !Number.isFinite(value) ? null : value;
  });
}
