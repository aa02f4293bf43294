import { FEATURES, type FeatureView } from '../../records/features.ts';

/** A column for each feature; null where the window does not say. */
export function featureColumns(view: FeatureView): Record<string, number | null> {
  const columns: Record<string, number | null> = {};
  for (const { name, compute } of FEATURES) {
    const value = compute(view);
    columns[name] = value === null || !Number.isFinite(value) ? null : value;
  }
  return columns;
}
