import { ACCOUNT_FEATURES } from './features/accounts.ts';
import type { Feature, FeatureView } from './features/feature.ts';
import { PROMPT_FEATURES } from './features/prompts.ts';
import { REQUEST_FEATURES } from './features/requests.ts';
import { SOURCE_FEATURES } from './features/sources.ts';
import { TEMPLATE_FEATURES } from './features/templates.ts';
import { TIMING_FEATURES } from './features/timing.ts';
import { VOLUME_FEATURES } from './features/volume.ts';

export type { Feature, FeatureView } from './features/feature.ts';

export interface FeatureGroup {
  title: string;
  scope: 'accounts and clusters' | 'clusters';
  features: readonly Feature[];
}

export const FEATURE_GROUPS: readonly FeatureGroup[] = [
  { title: 'Volume and lengths', scope: 'accounts and clusters', features: VOLUME_FEATURES },
  { title: 'Prompts', scope: 'accounts and clusters', features: PROMPT_FEATURES },
  { title: 'Templates and fillings', scope: 'accounts and clusters', features: TEMPLATE_FEATURES },
  { title: 'Requests, with or without text', scope: 'accounts and clusters', features: REQUEST_FEATURES },
  { title: 'Sources', scope: 'accounts and clusters', features: SOURCE_FEATURES },
  { title: 'Timing', scope: 'accounts and clusters', features: TIMING_FEATURES },
  { title: 'Accounts of a cluster', scope: 'clusters', features: ACCOUNT_FEATURES },
];

/** Every feature of a window by itself, once: a column of account_windows and cluster_windows, and a name that signatures and rules use. */
export const FEATURES: readonly Feature[] = FEATURE_GROUPS.flatMap(({ features }) => features);

export function computeFeatures(view: FeatureView): Map<string, number> {
  const values = new Map<string, number>();
  for (const { name, compute } of FEATURES) {
    const value = compute(view);
    if (value !== null && Number.isFinite(value)) values.set(name, value);
  }
  return values;
}

const BY_NAME: ReadonlyMap<string, Feature> = new Map(FEATURES.map((feature) => [feature.name, feature]));

export function featureNamed(name: string): Feature {
  const found = BY_NAME.get(name);
  if (found === undefined) throw new RangeError(`no feature ${name}`);
  return found;
}
