import { estimate } from '../distinct-sketch.ts';
import { totalCount } from '../value-counts.ts';
import { type FeatureView, feature, share } from './feature.ts';
import { topShareOf } from './statistics.ts';

/** Where calls come from: addresses, networks, clients, keys. */
export const SOURCE_FEATURES = [
  feature('distinct_ips', 'count', 'distinct source addresses', 'IP correlation', ({ accumulator: a }) =>
    estimate(a.distinct_ips),
  ),
  feature(
    'distinct_networks',
    'count',
    'distinct /24 or /48 networks',
    'residential-proxy churn',
    ({ accumulator: a }) => estimate(a.distinct_networks),
  ),
  feature(
    'distinct_asns',
    'count',
    'distinct autonomous systems of the source addresses, where known',
    'routers masking the source; stands in for geo-velocity',
    ({ accumulator: a }) => estimate(a.distinct_asns),
  ),
  feature(
    'calls_per_ip',
    'ratio',
    'calls / distinct source addresses: 1 when every call comes from another',
    'residential-proxy churn',
    ({ accumulator: a }) => share(a.calls, estimate(a.distinct_ips)),
  ),
  feature(
    'hosting_share',
    'share',
    'calls from hosting networks / calls whose autonomous system is known; NULL when none is',
    'routers masking the source: hosting ASN share',
    ({ accumulator: a }) => share(a.hosting, totalCount(a.asns)),
  ),
  feature('distinct_user_agents', 'count', 'distinct user agents', 'unified clients', ({ accumulator: a }) =>
    estimate(a.distinct_user_agents),
  ),
  feature('distinct_tls', 'count', 'distinct TLS fingerprints', 'unified clients', ({ accumulator: a }) =>
    estimate(a.distinct_tls),
  ),
  feature('distinct_keys', 'count', 'distinct API keys', 'infrastructure indicators', ({ accumulator: a }) =>
    estimate(a.distinct_keys),
  ),
  feature(
    'nonstandard_client_share',
    'share',
    'calls from relays, scripts, unknown or absent clients / calls',
    'non-standard user agents',
    nonstandardShare,
  ),
  feature(
    'top_client_share',
    'share',
    'calls of the most frequent client family / calls',
    'unified clients',
    ({ accumulator: a }) => topShareOf(a.user_agents),
  ),
];

const NONSTANDARD = ['relay/', 'script/', 'unknown/', 'absent/'];

function nonstandardShare({ accumulator }: FeatureView): number | null {
  let calls = 0;
  for (const { value, count } of accumulator.user_agents.values) {
    if (NONSTANDARD.some((prefix) => value.startsWith(prefix))) calls += count;
  }
  // What is beyond the cap is last in order: `unknown/` clients (value-counts.ts).
  return share(calls + accumulator.user_agents.other, accumulator.calls);
}
