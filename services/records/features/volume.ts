import { feature, share } from './feature.ts';
import { spread } from './statistics.ts';

/** How much, and how long. */
export const VOLUME_FEATURES = [
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
    'fixed prefix: one long beginning over and over',
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
];
