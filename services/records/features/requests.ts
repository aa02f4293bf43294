import { estimate } from '../distinct-sketch.ts';
import { feature, share } from './feature.ts';
import { entropyOf, entropyOfBins, topShareOf } from './statistics.ts';

/** What repeats without text: models, operations, tools, lengths. */
export const REQUEST_FEATURES = [
  feature('model_entropy', 'bits', 'entropy of calls over models', 'model pivot', ({ accumulator: a }) =>
    entropyOf(a.models),
  ),
  feature(
    'top_model_share',
    'share',
    'calls of the most called model / calls',
    'model pivot: half the traffic moves to one model',
    ({ accumulator: a }) => topShareOf(a.models),
  ),
  feature('operation_entropy', 'bits', 'entropy of calls over operations', 'narrow focus', ({ accumulator: a }) =>
    entropyOf(a.operations),
  ),
  feature('tool_share', 'share', 'calls with tools / calls', 'agentic coding, tool use', ({ accumulator: a }) =>
    share(a.with_tools, a.calls),
  ),
  feature(
    'agentic_share',
    'share',
    'calls with tools offered and (one used, or >= 4 messages) / calls',
    'agentic coding, tool use, computer use',
    ({ accumulator: a }) => share(a.agentic, a.calls),
  ),
  feature('image_share', 'share', 'calls with images / calls', 'vision, computer use', ({ accumulator: a }) =>
    share(a.with_images, a.calls),
  ),
  feature(
    'stream_share',
    'share',
    'streamed calls / calls',
    'identical patterns: request shape',
    ({ accumulator: a }) => share(a.streamed, a.calls),
  ),
  feature(
    'long_in_short_out_share',
    'share',
    'calls with >= 512 tokens in and <= 32 out / calls',
    'rubric grading: long input, very short output',
    ({ accumulator: a }) => share(a.long_in_short_out, a.calls),
  ),
  feature(
    'label_entropy',
    'bits',
    'entropy of calls over labels (operation class, tools, images, input and output length in factors of four)',
    'label mix of capabilities: how narrow; how far from benign is mix_divergence',
    ({ accumulator: a }) => entropyOfBins(a.label_mix),
  ),
  feature(
    'top_label_share',
    'share',
    'calls of the most frequent label / calls',
    'label mix of capabilities: narrow focus without text',
    ({ accumulator: a }) =>
      share(
        a.label_mix.reduce((most, { count }) => Math.max(most, count), 0),
        a.calls,
      ),
  ),
  feature(
    'distinct_shapes',
    'count',
    'distinct request shapes (operation, model, length bands, parameters, tools)',
    'identical patterns, without text',
    ({ accumulator: a }) => estimate(a.distinct_shapes),
  ),
  feature(
    'shape_repetition',
    'ratio',
    'calls / distinct request shapes',
    'identical patterns, without text',
    ({ accumulator: a }) => share(a.calls, estimate(a.distinct_shapes)),
  ),
];
