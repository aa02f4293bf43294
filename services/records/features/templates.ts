import type { Accumulator } from '../accumulator.ts';
import { estimate } from '../distinct-sketch.ts';
import type { TemplateCount } from '../template-counts.ts';
import { bounded, type FeatureView, feature, share } from './feature.ts';

const NARROW = 'volume, repetitive structure, narrow focus';

/** What repeats in the text. Shares over templates are over the kept ones (template-counts.ts). */
export const TEMPLATE_FEATURES = [
  feature('distinct_templates', 'count', 'distinct masked templates', NARROW, ({ accumulator: a }) =>
    estimate(a.distinct_templates),
  ),
  feature(
    'template_concentration',
    'share',
    'sum over templates of (calls of it / fingerprinted calls of kept templates)^2',
    `${NARROW}: Herfindahl-Hirschman index`,
    templateConcentration,
  ),
  feature(
    'top_template_share',
    'share',
    'calls of the most called kept template / calls of kept templates',
    'repeated sampling, narrow focus',
    topTemplateShare,
  ),
  feature(
    'near_duplicate_share',
    'share',
    '1 - distinct templates / prompts fingerprinted: prompts that differ from an earlier one of the window in their filling at most',
    `${NARROW}: near-duplicate rate`,
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
    'enumerated_share',
    'share',
    'calls of templates with >= 8 calls of which >= 90 % have a filling of their own / calls of kept templates',
    'template enumeration',
    ({ accumulator }) => shareOfKept(accumulator, (kept) => (isEnumerated(kept) ? kept.calls : 0)),
  ),
  feature(
    'product_enumeration_share',
    'share',
    'product-marked calls of templates with >= 8 calls of which >= 90 % have a filling of their own and >= 50 % are marked / calls of kept templates',
    'template enumeration of prompts that ask for training data: a harvest; of others: an application with a form',
    ({ accumulator }) =>
      shareOfKept(accumulator, (kept) => (isEnumerated(kept) && isOfProduct(kept) ? kept.product_marked : 0)),
  ),
  feature(
    'calls_per_filling',
    'ratio',
    'prompts fingerprinted / distinct fillings',
    'repeated sampling of one prompt',
    ({ accumulator: a }) => share(a.fingerprinted, estimate(a.distinct_fillings)),
  ),
  feature(
    'repeated_sampling_share',
    'share',
    'calls of kept templates with >= 8 calls, and >= 3 for each distinct filling on average / calls of kept templates',
    'repeated sampling of one prompt; counted by template, since calls and distinct fillings of each merge exactly, and counts of single prompts would not be bounded',
    ({ accumulator }) => shareOfKept(accumulator, (kept) => (isSampled(kept) ? kept.calls : 0)),
  ),
  feature(
    'filling_repeats',
    'ratio',
    'largest calls / distinct fillings over kept templates',
    'repeated sampling of one prompt: the number of samples drawn for each',
    fillingRepeats,
  ),
];

/** From here a template's calls are a series and not a coincidence. */
const ENUMERATED_CALLS = 8;
/** Retries of 1 to 5 % are ordinary (research/detection.md, calibration), and sketches are 3.3 % off. */
const ENUMERATED_FRESH = 0.9;
const PRODUCT_MARKED = 0.5;
/**
 * Best-of-n and reward sampling draw 4 to 64 answers a prompt. A person asks some prompt again two or three times, never every one of a series; and a little
 * below four, since the window cuts through a prompt's samples and sketches are 3.3 % off.
 */
const SAMPLED_CALLS = 3;

function isEnumerated({ calls, fillings }: TemplateCount): boolean {
  return calls >= ENUMERATED_CALLS && estimate(fillings) >= ENUMERATED_FRESH * calls;
}

/** It is the template that asks for it: what is only here and there in a filling is what somebody's customers wrote. */
function isOfProduct({ calls, product_marked }: TemplateCount): boolean {
  return product_marked >= PRODUCT_MARKED * calls;
}

function isSampled(kept: TemplateCount): boolean {
  return kept.calls >= ENUMERATED_CALLS && repeats(kept) >= SAMPLED_CALLS;
}

function repeats({ calls, fillings }: TemplateCount): number {
  return calls / Math.max(1, estimate(fillings));
}

function keptCalls({ templates }: Accumulator): number {
  let calls = 0;
  for (const template of templates) calls += template.calls;
  return calls;
}

function shareOfKept(accumulator: Accumulator, counted: (template: TemplateCount) => number): number | null {
  let calls = 0;
  for (const template of accumulator.templates) calls += counted(template);
  return share(calls, keptCalls(accumulator));
}

function templateConcentration({ accumulator }: FeatureView): number | null {
  const all = keptCalls(accumulator);
  if (all === 0) return null;
  let sum = 0;
  for (const { calls } of accumulator.templates) sum += (calls / all) ** 2;
  return sum;
}

function topTemplateShare({ accumulator }: FeatureView): number | null {
  let most = 0;
  for (const { calls } of accumulator.templates) most = Math.max(most, calls);
  return share(most, keptCalls(accumulator));
}

function nearDuplicateShare({ accumulator }: FeatureView): number | null {
  const distinct = share(estimate(accumulator.distinct_templates), accumulator.fingerprinted);
  return distinct === null ? null : Math.max(0, 1 - distinct);
}

function mostFillings({ accumulator }: FeatureView): number | null {
  if (accumulator.templates.length === 0) return null;
  let most = 0;
  for (const { fillings } of accumulator.templates) most = Math.max(most, estimate(fillings));
  return most;
}

function fillingRepeats({ accumulator }: FeatureView): number | null {
  if (accumulator.templates.length === 0) return null;
  let most = 0;
  for (const template of accumulator.templates) most = Math.max(most, repeats(template));
  return most;
}
