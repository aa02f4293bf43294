import { featureNamed } from '../../records/features.ts';
import type { BaselinePartial } from '../../records/subject-window.ts';
import type { WindowSize } from '../../records/window.ts';
import { bucketOf } from './buckets.ts';
import type { Voter } from './electorate.ts';

/** Features whose place among the population is shown or asked for. */
export const BASELINE_FEATURES = [
  'calls',
  'product_share',
  'chain_of_thought_share',
  'rubric_grading_share',
  'policy_rewrite_share',
  'instruction_generation_share',
  'enumerated_share',
  'fresh_filling_share',
  'template_concentration',
  'fillings_per_template',
  'nonstandard_client_share',
  'top_client_share',
  'hosting_share',
  'non_latin_share',
  'arrival_dispersion',
  'active_share',
  'distinct_ips',
  'calls_per_ip',
] as const;

const VOTED = BASELINE_FEATURES.map(featureNamed);

/** The votes of these accounts, one for each feature, in their cohorts. */
export function baselineVotes(size: WindowSize, voters: readonly Voter[]): BaselinePartial['cohorts'] {
  const votes = new Map<string, Map<string, Map<number, number>>>();
  for (const { window, cohort } of voters) {
    const { accumulator } = window;
    const features = upsert(votes, cohort);
    for (const { name, compute } of VOTED) {
      const value = compute({ accumulator, size, members: null });
      if (value === null || !Number.isFinite(value)) continue;
      const buckets = upsert(features, name);
      const bucket = bucketOf(value);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    }
  }
  return [...votes].flatMap(([cohort, features]) =>
    [...features].map(([feature, buckets]) => ({
      cohort,
      feature,
      buckets: [...buckets].map(([bucket, accounts]) => ({ bucket, accounts })).sort((a, b) => a.bucket - b.bucket),
    })),
  );
}

function upsert<Key, Inner, Value>(map: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<Inner, Value>();
  map.set(key, made);
  return made;
}
