import { estimate } from './distinct-sketch.ts';
import {
  binsOf,
  bounded,
  dispersion,
  entropy,
  enumeratedShare,
  type FeatureView,
  type Formula,
  gini,
  marked,
  mostFillings,
  nearDuplicateShare,
  nonstandardShare,
  perAccount,
  share,
  spread,
  templateConcentration,
  topTemplateShare,
} from './feature-formulas.ts';
import { sortedValues } from './value-counts.ts';

export type { FeatureView } from './feature-formulas.ts';

export interface Feature {
  name: string;
  /** `octaves`: factors of two. */
  unit: 'calls' | 'tokens' | 'share' | 'ratio' | 'bits' | 'octaves' | 'count' | 'calls/account' | 'count/account';
  formula: string;
  /** Where the signal comes from; rows of research/detection.md unless said otherwise. */
  source: string;
  compute: Formula;
}

/** Every feature, once: a column of account_windows and cluster_windows, a term of the baseline, and a name that signatures and rules use. */
export const FEATURES: readonly Feature[] = [
  feature('calls', 'calls', 'number of calls', 'volume', ({ accumulator }) => accumulator.calls),
  feature('input_tokens', 'tokens', 'sum of input tokens', 'volume', ({ accumulator }) => accumulator.input_tokens),
  feature('output_tokens', 'tokens', 'sum of output tokens', 'volume', ({ accumulator }) => accumulator.output_tokens),
  feature(
    'reasoning_tokens',
    'tokens',
    'sum of reasoning tokens',
    'volume',
    ({ accumulator }) => accumulator.reasoning_tokens,
  ),
  feature(
    'output_input_ratio',
    'ratio',
    'output tokens / input tokens',
    'benign calibration: 0.011 for code, 0.28 for conversation',
    ({ accumulator: a }) => share(a.output_tokens, a.input_tokens),
  ),
  feature(
    'reasoning_share',
    'ratio',
    'reasoning tokens / output tokens',
    'chain-of-thought elicitation',
    ({ accumulator: a }) => share(a.reasoning_tokens, a.output_tokens),
  ),
  feature(
    'cached_input_share',
    'share',
    'input tokens read from the cache / input tokens',
    'repetitive structure: one long prefix over and over',
    ({ accumulator: a }) => share(a.cached_input_tokens, a.input_tokens),
  ),
  feature(
    'input_length_spread',
    'octaves',
    'standard deviation of floor(log2(input tokens + 1)) over calls',
    'benign clients: ln-sigma 0.99 to 1.36, which is 1.4 to 2.0 octaves; templated input is narrow',
    ({ accumulator: a }) => spread(a.input_bands),
  ),
  feature(
    'output_length_spread',
    'octaves',
    'standard deviation of floor(log2(output tokens + 1)) over calls',
    'benign clients: ln-sigma 0.85 to 1.36, which is 1.2 to 2.0 octaves; grading answers are narrow',
    ({ accumulator: a }) => spread(a.output_bands),
  ),
  feature(
    'error_share',
    'share',
    'calls with status >= 400 / calls',
    'benign calibration: 1 to 5 %',
    ({ accumulator: a }) => share(a.errors, a.calls),
  ),
  feature(
    'throttled_share',
    'share',
    'calls with status 429 / calls',
    'staying under the rate limit',
    ({ accumulator: a }) => share(a.throttled, a.calls),
  ),
  feature(
    'chain_of_thought_share',
    'share',
    'prompts that ask for reasoning / prompts fingerprinted',
    'chain-of-thought elicitation',
    marked((a) => a.chain_of_thought),
  ),
  feature(
    'rubric_grading_share',
    'share',
    'prompts that ask for a judgement / prompts fingerprinted',
    'rubric grading',
    marked((a) => a.rubric_grading),
  ),
  feature(
    'policy_rewrite_share',
    'share',
    'prompts that ask for a rewrite / prompts fingerprinted',
    'rewrites of politically sensitive queries',
    marked((a) => a.policy_rewrite),
  ),
  feature(
    'instruction_generation_share',
    'share',
    'prompts that ask for new tasks / prompts fingerprinted',
    'volume, repetitive structure, narrow focus',
    marked((a) => a.instruction_generation),
  ),
  feature(
    'long_in_short_out_share',
    'share',
    'calls with >= 512 tokens in and <= 32 out / calls',
    'rubric grading: long input, very short output',
    ({ accumulator: a }) => share(a.long_in_short_out, a.calls),
  ),
  feature(
    'template_concentration',
    'share',
    'sum over templates of (calls of it / fingerprinted calls of kept templates)^2',
    'volume, repetitive structure, narrow focus',
    templateConcentration,
  ),
  feature(
    'near_duplicate_share',
    'share',
    '1 - distinct templates / prompts fingerprinted: prompts that differ from an earlier one of the window in their filling at most',
    'volume, repetitive structure, narrow focus: near-duplicate rate',
    nearDuplicateShare,
  ),
  feature(
    'fillings_per_template',
    'ratio',
    'distinct fillings / distinct templates',
    'template enumeration',
    ({ accumulator: a }) => share(estimate(a.distinct_fillings), estimate(a.distinct_templates)),
  ),
  feature(
    'fresh_filling_share',
    'share',
    'distinct fillings / prompts fingerprinted: 1 when no text ever repeats',
    'one work queue: fillings hardly ever repeat',
    ({ accumulator: a }) => bounded(share(estimate(a.distinct_fillings), a.fingerprinted)),
  ),
  feature(
    'most_fillings',
    'count',
    'distinct fillings of the kept template that has most',
    'template enumeration',
    mostFillings,
  ),
  feature(
    'calls_per_filling',
    'ratio',
    'prompts fingerprinted / distinct fillings',
    'repeated sampling of one prompt',
    ({ accumulator: a }) => share(a.fingerprinted, estimate(a.distinct_fillings)),
  ),
  feature(
    'enumerated_share',
    'share',
    'calls of templates with >= 8 calls of which >= 90 % have a filling of their own / calls of kept templates',
    'template enumeration',
    enumeratedShare,
  ),
  feature(
    'top_template_share',
    'share',
    'calls of the most called kept template / calls of kept templates',
    'repeated sampling, narrow focus',
    topTemplateShare,
  ),
  feature('model_entropy', 'bits', 'entropy of calls over models', 'model pivot', ({ accumulator: a }) =>
    entropy(a.models),
  ),
  feature(
    'top_model_share',
    'share',
    'calls of the most called model / calls',
    'model pivot: half the traffic moves to one model',
    ({ accumulator: a }) => share(sortedValues(a.models)[0]?.count ?? 0, a.calls),
  ),
  feature('operation_entropy', 'bits', 'entropy of calls over operations', 'narrow focus', ({ accumulator: a }) =>
    entropy(a.operations),
  ),
  feature(
    'non_latin_share',
    'share',
    'prompts whose dominant script is not Latin / prompts fingerprinted',
    'much non-English',
    ({ accumulator: a }) =>
      share(
        a.scripts.values.reduce(
          (sum, { value, count }) => sum + (value === 'latin' || value === 'none' ? 0 : count),
          0,
        ),
        a.fingerprinted,
      ),
  ),
  feature('script_entropy', 'bits', 'entropy of prompts over scripts', 'language entropy', ({ accumulator: a }) =>
    entropy(a.scripts),
  ),
  feature('tool_share', 'share', 'calls with tools / calls', 'agentic coding, tool use', ({ accumulator: a }) =>
    share(a.with_tools, a.calls),
  ),
  feature('image_share', 'share', 'calls with images / calls', 'vision', ({ accumulator: a }) =>
    share(a.with_images, a.calls),
  ),
  feature('stream_share', 'share', 'streamed calls / calls', 'request shape', ({ accumulator: a }) =>
    share(a.streamed, a.calls),
  ),
  feature('distinct_templates', 'count', 'distinct masked templates', 'narrow focus', ({ accumulator: a }) =>
    estimate(a.distinct_templates),
  ),
  feature(
    'distinct_shapes',
    'count',
    'distinct request shapes (operation, model, length bands, parameters, tools)',
    'what repeats without text',
    ({ accumulator: a }) => estimate(a.distinct_shapes),
  ),
  feature(
    'shape_repetition',
    'ratio',
    'calls / distinct request shapes',
    'what repeats without text',
    ({ accumulator: a }) => share(a.calls, estimate(a.distinct_shapes)),
  ),
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
    'calls_per_ip',
    'ratio',
    'calls / distinct source addresses: 1 when every call comes from another',
    'residential-proxy churn',
    ({ accumulator: a }) => share(a.calls, estimate(a.distinct_ips)),
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
    ({ accumulator: a }) => share(sortedValues(a.user_agents)[0]?.count ?? 0, a.calls),
  ),
  feature(
    'hosting_share',
    'share',
    'calls from hosting networks / calls',
    'routers masking the source',
    ({ accumulator: a }) => share(a.hosting, a.calls),
  ),
  feature(
    'arrival_dispersion',
    'ratio',
    'variance / mean of calls per bin of the window: 1 for a Poisson stream, below for a dispatcher, above for people',
    'low inter-arrival CV; IAT CV of benign clients 1.0 to 1.4 and more',
    ({ accumulator, size }) => dispersion(accumulator.arrivals, size),
  ),
  feature(
    'active_share',
    'share',
    'bins of the window with a call / bins',
    'round-the-clock activity; median benign client 7 to 41 % of 10-minute windows',
    ({ accumulator, size }) => accumulator.arrivals.length / binsOf(size),
  ),
  feature('accounts', 'count', 'accounts with a call', 'cluster size', ({ members }) =>
    members === null ? null : estimate(members.accounts),
  ),
  feature(
    'calls_per_account',
    'calls/account',
    'calls / accounts',
    'staying under the rate limit',
    ({ accumulator, members }) => (members === null ? null : share(accumulator.calls, estimate(members.accounts))),
  ),
  feature(
    'ips_per_account',
    'count/account',
    'distinct source addresses / accounts: far below 1 behind one egress, far above for rotating proxies',
    'IP correlation, residential-proxy churn',
    perAccount((a) => a.distinct_ips),
  ),
  feature(
    'networks_per_account',
    'count/account',
    'distinct /24 or /48 networks / accounts',
    'IP correlation, residential-proxy churn',
    perAccount((a) => a.distinct_networks),
  ),
  feature(
    'user_agents_per_account',
    'count/account',
    'distinct user agents / accounts: near 0 for one client over all accounts',
    'relay software ships one unified client id over all its accounts',
    perAccount((a) => a.distinct_user_agents),
  ),
  feature(
    'tls_per_account',
    'count/account',
    'distinct TLS fingerprints / accounts',
    'unified clients',
    perAccount((a) => a.distinct_tls),
  ),
  feature(
    'keys_per_account',
    'count/account',
    'distinct API keys / accounts',
    'infrastructure indicators',
    perAccount((a) => a.distinct_keys),
  ),
  feature(
    'templates_per_account',
    'count/account',
    'distinct templates / accounts: near 0 when all accounts work on one queue',
    'identical patterns',
    perAccount((a) => a.distinct_templates),
  ),
  feature(
    'evenness_gini',
    'ratio',
    'Gini coefficient of calls over accounts: 0 when all do the same',
    'load balancing: Gini near 0, benign 0.65 to 0.87',
    ({ members }) => (members === null ? null : gini(members.calls_histogram)),
  ),
  feature(
    'unverified_share',
    'share',
    'account windows whose account is not verified / account windows',
    'forged accounts',
    ({ members }) =>
      members === null
        ? null
        : share(
            members.unverified,
            members.calls_histogram.reduce((sum, { accounts }) => sum + accounts, 0),
          ),
  ),
];

export function computeFeatures(view: FeatureView): Map<string, number> {
  const values = new Map<string, number>();
  for (const { name, compute } of FEATURES) {
    const value = compute(view);
    if (value !== null && Number.isFinite(value)) values.set(name, value);
  }
  return values;
}

export function featureNamed(name: string): Feature {
  const found = FEATURES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new RangeError(`no feature ${name}`);
  return found;
}

function feature(name: string, unit: Feature['unit'], formula: string, source: string, compute: Formula): Feature {
  return { name, unit, formula, source, compute };
}
