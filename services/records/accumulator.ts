import { MARKER_BITS } from '../fingerprint/markers/all.ts';
import { type Bin, tokenBand, withBin } from './bins.ts';
import { type CountedCall, type CountedPrompt, isAgentic, PRODUCT_MARKED } from './counted-call.ts';
import { addHash, createSketch, type DistinctSketch, mergeSketch } from './distinct-sketch.ts';
import { type EventSample, withSample } from './event-samples.ts';
import { labelBin } from './label-mix.ts';
import { type TemplateCount, withTemplateCall, withTemplateMerged } from './template-counts.ts';
import { addValue, createValueCounts, mergeValueCounts, type ValueCounts } from './value-counts.ts';
import { HOUR, MINUTE, NEVER, SECOND, type WindowSize } from './window.ts';

export type { Bin } from './bins.ts';
export type { CountedCall } from './counted-call.ts';
export type { TemplateCount } from './template-counts.ts';
export type { ValueCounts } from './value-counts.ts';

/**
 * What a window remembers of its calls: plain, mergeable, integers only, so that any order of adding and merging gives the same
 * result to the last bit. An account's window and a cluster's window are the same thing at another scale.
 * Deliberately absent: anything that depends on arrival order, floating-point sums, prompt text.
 */
export interface Accumulator {
  calls: number;
  /** HTTP status >= 400. */
  errors: number;
  /** HTTP status 429. */
  throttled: number;
  input_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cached_input_tokens: number;
  streamed: number;
  with_tools: number;
  with_images: number;
  tool_calls: number;
  /** Calls of an agent's loop (counted-call.ts). */
  agentic: number;
  /** Calls from a hosting provider's network. */
  hosting: number;
  /** Long input (>= 512 tokens) with a very short answer (<= 32 tokens): the shape of grading. */
  long_in_short_out: number;
  /** Calls that carried text or a fingerprint: the base of every content share. */
  fingerprinted: number;
  chain_of_thought: number;
  rubric_grading: number;
  policy_rewrite: number;
  instruction_generation: number;
  /** Prompts with at least one of these four markers. */
  product_marked: number;
  /** Event time of the first and the last call, milliseconds; first_seen is NEVER before the first. */
  first_seen: number;
  last_seen: number;
  operations: ValueCounts;
  models: ValueCounts;
  /** `class/family` of the user agent. */
  user_agents: ValueCounts;
  /** AS number as decimal text; calls whose AS nobody knows are in none. */
  asns: ValueCounts;
  /** Dominant script of the prompts. */
  scripts: ValueCounts;
  /** Dominant script of the prompts with a product marker: one request in many languages. */
  marked_scripts: ValueCounts;
  /** Task category of the prompts. */
  categories: ValueCounts;
  /** Calls by floor(log2(tokens + 1)). Sparse, ascending. */
  input_bands: Bin[];
  output_bands: Bin[];
  /** Calls by label: operation class, tools, images and lengths in one number (label-mix.ts). Sparse, ascending. */
  label_mix: Bin[];
  /** Calls by place in the window: 60 bins of a second (minute) or of a minute (hour), 96 bins of 15 minutes (day). Sparse, ascending. */
  arrivals: Bin[];
  /** The templates with the smallest hashes, at most 128 (template-counts.ts). Ascending. */
  templates: TemplateCount[];
  distinct_templates: DistinctSketch;
  distinct_fillings: DistinctSketch;
  /** Request shapes without text: operation, model, length bands, parameters, tools. */
  distinct_shapes: DistinctSketch;
  distinct_ips: DistinctSketch;
  distinct_networks: DistinctSketch;
  distinct_asns: DistinctSketch;
  distinct_user_agents: DistinctSketch;
  distinct_tls: DistinctSketch;
  distinct_keys: DistinctSketch;
  /** At most 4 event ids (event-samples.ts). */
  samples: EventSample[];
}

/** Width of an arrival bin of a day. */
const QUARTER = HOUR / 4;

export function createAccumulator(): Accumulator {
  return {
    calls: 0,
    errors: 0,
    throttled: 0,
    input_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
    cached_input_tokens: 0,
    streamed: 0,
    with_tools: 0,
    with_images: 0,
    tool_calls: 0,
    agentic: 0,
    hosting: 0,
    long_in_short_out: 0,
    fingerprinted: 0,
    chain_of_thought: 0,
    rubric_grading: 0,
    policy_rewrite: 0,
    instruction_generation: 0,
    product_marked: 0,
    first_seen: NEVER,
    last_seen: 0,
    operations: createValueCounts(),
    models: createValueCounts(),
    user_agents: createValueCounts(),
    asns: createValueCounts(),
    scripts: createValueCounts(),
    marked_scripts: createValueCounts(),
    categories: createValueCounts(),
    input_bands: [],
    output_bands: [],
    label_mix: [],
    arrivals: [],
    templates: [],
    distinct_templates: createSketch(),
    distinct_fillings: createSketch(),
    distinct_shapes: createSketch(),
    distinct_ips: createSketch(),
    distinct_networks: createSketch(),
    distinct_asns: createSketch(),
    distinct_user_agents: createSketch(),
    distinct_tls: createSketch(),
    distinct_keys: createSketch(),
    samples: [],
  };
}

const LONG_INPUT = 512;
const SHORT_OUTPUT = 32;

/** Adds a call to the accumulator of the minute that starts at `start`. Longer windows are merged from minutes. */
export function addCall(acc: Accumulator, call: CountedCall, start: number): void {
  acc.calls++;
  if (call.status_code >= 400) acc.errors++;
  if (call.status_code === 429) acc.throttled++;
  acc.input_tokens += call.input_tokens;
  acc.output_tokens += call.output_tokens;
  acc.reasoning_tokens += call.reasoning_tokens;
  acc.cached_input_tokens += call.cached_input_tokens;
  if (call.stream) acc.streamed++;
  if (call.has_tools) acc.with_tools++;
  if (call.image_count > 0) acc.with_images++;
  acc.tool_calls += call.tool_call_count;
  if (isAgentic(call)) acc.agentic++;
  if (call.hosting) acc.hosting++;
  if (call.input_tokens >= LONG_INPUT && call.output_tokens <= SHORT_OUTPUT) acc.long_in_short_out++;
  acc.first_seen = Math.min(acc.first_seen, call.occurred_at);
  acc.last_seen = Math.max(acc.last_seen, call.occurred_at);
  addValue(acc.operations, call.operation_name);
  addValue(acc.models, call.request_model);
  addValue(acc.user_agents, call.user_agent);
  if (call.asn !== null) addValue(acc.asns, String(call.asn));
  acc.input_bands = withBin(acc.input_bands, tokenBand(call.input_tokens), 1);
  acc.output_bands = withBin(acc.output_bands, tokenBand(call.output_tokens), 1);
  acc.label_mix = withBin(acc.label_mix, labelBin(call), 1);
  acc.arrivals = withBin(acc.arrivals, Math.floor((call.occurred_at - start) / SECOND), 1);
  addHash(acc.distinct_shapes, call.shape_hash);
  if (call.ip_hash !== null) addHash(acc.distinct_ips, call.ip_hash);
  if (call.network_hash !== null) addHash(acc.distinct_networks, call.network_hash);
  if (call.asn_hash !== null) addHash(acc.distinct_asns, call.asn_hash);
  if (call.user_agent_hash !== null) addHash(acc.distinct_user_agents, call.user_agent_hash);
  if (call.tls_hash !== null) addHash(acc.distinct_tls, call.tls_hash);
  if (call.key_hash !== null) addHash(acc.distinct_keys, call.key_hash);
  acc.samples = withSample(acc.samples, call.event_id, call.event_hash);
  if (call.prompt !== null) addPrompt(acc, call.prompt);
}

function addPrompt(acc: Accumulator, prompt: CountedPrompt): void {
  const { markers, script, category, template, template_hash, filling_hash } = prompt;
  const productMarked = (markers & PRODUCT_MARKED) !== 0;
  acc.fingerprinted++;
  if (markers & MARKER_BITS.chain_of_thought) acc.chain_of_thought++;
  if (markers & MARKER_BITS.rubric_grading) acc.rubric_grading++;
  if (markers & MARKER_BITS.policy_rewrite) acc.policy_rewrite++;
  if (markers & MARKER_BITS.instruction_generation) acc.instruction_generation++;
  if (productMarked) {
    acc.product_marked++;
    addValue(acc.marked_scripts, script);
  }
  addValue(acc.scripts, script);
  addValue(acc.categories, category ?? 'other');
  addHash(acc.distinct_templates, template_hash);
  addHash(acc.distinct_fillings, filling_hash);
  acc.templates = withTemplateCall(acc.templates, template, filling_hash, productMarked);
}

/** Merges a window of the same size: another account's share of a cluster, or another partition's. */
export function mergeAccumulators(into: Accumulator, from: Accumulator): void {
  mergeAll(into, from);
  for (const { bin, count } of from.arrivals) into.arrivals = withBin(into.arrivals, bin, count);
}

/** Merges a shorter window of the same account into the longer one that starts at `start`. `from` starts at `fromStart`. */
export function mergeShorter(
  into: Accumulator,
  from: Accumulator,
  size: WindowSize,
  start: number,
  fromStart: number,
): void {
  mergeAll(into, from);
  if (size === 'hour') {
    // A minute of the hour is one bin, whatever seconds it was called in.
    into.arrivals = withBin(into.arrivals, Math.floor((fromStart - start) / MINUTE), from.calls);
    return;
  }
  for (const { bin, count } of from.arrivals) {
    into.arrivals = withBin(into.arrivals, Math.floor((fromStart - start + bin * MINUTE) / QUARTER), count);
  }
}

function mergeAll(into: Accumulator, from: Accumulator): void {
  into.calls += from.calls;
  into.errors += from.errors;
  into.throttled += from.throttled;
  into.input_tokens += from.input_tokens;
  into.output_tokens += from.output_tokens;
  into.reasoning_tokens += from.reasoning_tokens;
  into.cached_input_tokens += from.cached_input_tokens;
  into.streamed += from.streamed;
  into.with_tools += from.with_tools;
  into.with_images += from.with_images;
  into.tool_calls += from.tool_calls;
  into.agentic += from.agentic;
  into.hosting += from.hosting;
  into.long_in_short_out += from.long_in_short_out;
  into.fingerprinted += from.fingerprinted;
  into.chain_of_thought += from.chain_of_thought;
  into.rubric_grading += from.rubric_grading;
  into.policy_rewrite += from.policy_rewrite;
  into.instruction_generation += from.instruction_generation;
  into.product_marked += from.product_marked;
  into.first_seen = Math.min(into.first_seen, from.first_seen);
  into.last_seen = Math.max(into.last_seen, from.last_seen);
  mergeValueCounts(into.operations, from.operations);
  mergeValueCounts(into.models, from.models);
  mergeValueCounts(into.user_agents, from.user_agents);
  mergeValueCounts(into.asns, from.asns);
  mergeValueCounts(into.scripts, from.scripts);
  mergeValueCounts(into.marked_scripts, from.marked_scripts);
  mergeValueCounts(into.categories, from.categories);
  for (const { bin, count } of from.input_bands) into.input_bands = withBin(into.input_bands, bin, count);
  for (const { bin, count } of from.output_bands) into.output_bands = withBin(into.output_bands, bin, count);
  for (const { bin, count } of from.label_mix) into.label_mix = withBin(into.label_mix, bin, count);
  for (const template of from.templates) into.templates = withTemplateMerged(into.templates, template);
  mergeSketch(into.distinct_templates, from.distinct_templates);
  mergeSketch(into.distinct_fillings, from.distinct_fillings);
  mergeSketch(into.distinct_shapes, from.distinct_shapes);
  mergeSketch(into.distinct_ips, from.distinct_ips);
  mergeSketch(into.distinct_networks, from.distinct_networks);
  mergeSketch(into.distinct_asns, from.distinct_asns);
  mergeSketch(into.distinct_user_agents, from.distinct_user_agents);
  mergeSketch(into.distinct_tls, from.distinct_tls);
  mergeSketch(into.distinct_keys, from.distinct_keys);
  for (const { event_id, hash } of from.samples) into.samples = withSample(into.samples, event_id, hash);
}
