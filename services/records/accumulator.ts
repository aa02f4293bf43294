import { addHash, createSketch, type DistinctSketch, mergeSketch } from './distinct-sketch.ts';
import { addValue, createValueCounts, mergeValueCounts, type ValueCounts } from './value-counts.ts';

export type { ValueCounts } from './value-counts.ts';

import { HOUR, MINUTE, SECOND, type WindowSize } from './window.ts';

/** One prompt template inside a window. */
export interface TemplateCount {
  /** 16 hex digits: the masked template (services/fingerprint). */
  template: string;
  calls: number;
  /** Distinct fillings of this template. */
  fillings: DistinctSketch;
}

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
  /** Event time of the first and the last call, milliseconds; first_seen is Infinity before the first. */
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
  /** Calls by floor(log2(tokens + 1)). Sparse, ascending. */
  input_bands: Bin[];
  output_bands: Bin[];
  /** Calls by place in the window: 60 bins of a second (minute) or of a minute (hour), 96 bins of 15 minutes (day). Sparse, ascending. */
  arrivals: Bin[];
  /** The templates with the smallest hashes, at most MOST_TEMPLATES. */
  templates: TemplateCount[];
  distinct_templates: DistinctSketch;
  distinct_fillings: DistinctSketch;
  /** Request shapes without text: operation, model, length bands, parameters, tools. */
  distinct_shapes: DistinctSketch;
  distinct_ips: DistinctSketch;
  distinct_networks: DistinctSketch;
  distinct_user_agents: DistinctSketch;
  distinct_tls: DistinctSketch;
  distinct_keys: DistinctSketch;
  /** At most MOST_SAMPLES event ids, those with the smallest hash: the same sample in any order. */
  samples: { event_id: string; hash: number }[];
}

export interface Bin {
  bin: number;
  count: number;
}

/**
 * Templates kept: those with the smallest hashes, a uniform sample of the distinct templates once there are more. This rule gives the same sample in any
 * order and grouping, and a kept template has all its calls: one that is among the smallest of all is among the smallest of every part. "The most called"
 * has no such rule: a part drops what only the whole shows to be heavy. The loss: of D > 128 templates each one, heavy or not, is kept with probability
 * 128 / D, so a campaign's few templates can go missing from a cluster that mixes in much other traffic; shares over templates are over the kept ones.
 * The hash is keyed (services/fingerprint), so nobody chooses which templates are kept.
 */
export const MOST_TEMPLATES = 128;
const MOST_SAMPLES = 4;

/** Width of an arrival bin of a day. */
const QUARTER = HOUR / 4;

/** Bits of a fingerprint's `markers`. */
export const MARKER = { chainOfThought: 1, rubricGrading: 2, policyRewrite: 4, instructionGeneration: 8 } as const;

/** What an accumulator needs to know of one call: everything already enriched and hashed. */
export interface CountedCall {
  event_id: string;
  event_hash: number;
  occurred_at: number;
  status_code: number;
  operation_name: string;
  request_model: string;
  input_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cached_input_tokens: number;
  stream: boolean;
  has_tools: boolean;
  tool_call_count: number;
  image_count: number;
  hosting: boolean;
  asn: number | null;
  user_agent: string;
  prompt: { template: string; template_hash: number; filling_hash: number; markers: number; script: string } | null;
  shape_hash: number;
  ip_hash: number | null;
  network_hash: number | null;
  user_agent_hash: number | null;
  tls_hash: number | null;
  key_hash: number | null;
}

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
    hosting: 0,
    long_in_short_out: 0,
    fingerprinted: 0,
    chain_of_thought: 0,
    rubric_grading: 0,
    policy_rewrite: 0,
    instruction_generation: 0,
    first_seen: Number.POSITIVE_INFINITY,
    last_seen: 0,
    operations: createValueCounts(),
    models: createValueCounts(),
    user_agents: createValueCounts(),
    asns: createValueCounts(),
    scripts: createValueCounts(),
    input_bands: [],
    output_bands: [],
    arrivals: [],
    templates: [],
    distinct_templates: createSketch(),
    distinct_fillings: createSketch(),
    distinct_shapes: createSketch(),
    distinct_ips: createSketch(),
    distinct_networks: createSketch(),
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
  if (call.hosting) acc.hosting++;
  if (call.input_tokens >= LONG_INPUT && call.output_tokens <= SHORT_OUTPUT) acc.long_in_short_out++;
  acc.first_seen = Math.min(acc.first_seen, call.occurred_at);
  acc.last_seen = Math.max(acc.last_seen, call.occurred_at);
  addValue(acc.operations, call.operation_name);
  addValue(acc.models, call.request_model);
  addValue(acc.user_agents, call.user_agent);
  if (call.asn !== null) addValue(acc.asns, String(call.asn));
  acc.input_bands = withBin(acc.input_bands, band(call.input_tokens), 1);
  acc.output_bands = withBin(acc.output_bands, band(call.output_tokens), 1);
  acc.arrivals = withBin(acc.arrivals, Math.floor((call.occurred_at - start) / SECOND), 1);
  addHash(acc.distinct_shapes, call.shape_hash);
  if (call.ip_hash !== null) addHash(acc.distinct_ips, call.ip_hash);
  if (call.network_hash !== null) addHash(acc.distinct_networks, call.network_hash);
  if (call.user_agent_hash !== null) addHash(acc.distinct_user_agents, call.user_agent_hash);
  if (call.tls_hash !== null) addHash(acc.distinct_tls, call.tls_hash);
  if (call.key_hash !== null) addHash(acc.distinct_keys, call.key_hash);
  addSample(acc, call.event_id, call.event_hash);
  if (call.prompt !== null) addPrompt(acc, call.prompt);
}

function addPrompt(acc: Accumulator, prompt: NonNullable<CountedCall['prompt']>): void {
  acc.fingerprinted++;
  if (prompt.markers & MARKER.chainOfThought) acc.chain_of_thought++;
  if (prompt.markers & MARKER.rubricGrading) acc.rubric_grading++;
  if (prompt.markers & MARKER.policyRewrite) acc.policy_rewrite++;
  if (prompt.markers & MARKER.instructionGeneration) acc.instruction_generation++;
  addValue(acc.scripts, prompt.script);
  addHash(acc.distinct_templates, prompt.template_hash);
  addHash(acc.distinct_fillings, prompt.filling_hash);
  const template = templateOf(acc, prompt.template);
  if (template === null) return;
  template.calls++;
  addHash(template.fillings, prompt.filling_hash);
}

/** The counter of this template, made when it is among the smallest hashes; null when it is not. Templates stay in ascending order. */
function templateOf(acc: Accumulator, template: string): TemplateCount | null {
  const { templates } = acc;
  let low = 0;
  let high = templates.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const known = templates[middle];
    if (known === undefined) break;
    if (known.template === template) return known;
    if (known.template < template) low = middle + 1;
    else high = middle;
  }
  if (low >= MOST_TEMPLATES) return null;
  const made: TemplateCount = { template, calls: 0, fillings: createSketch() };
  acc.templates = withInserted(templates, low, made);
  if (acc.templates.length > MOST_TEMPLATES) acc.templates.pop();
  return made;
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
  into.hosting += from.hosting;
  into.long_in_short_out += from.long_in_short_out;
  into.fingerprinted += from.fingerprinted;
  into.chain_of_thought += from.chain_of_thought;
  into.rubric_grading += from.rubric_grading;
  into.policy_rewrite += from.policy_rewrite;
  into.instruction_generation += from.instruction_generation;
  into.first_seen = Math.min(into.first_seen, from.first_seen);
  into.last_seen = Math.max(into.last_seen, from.last_seen);
  mergeValueCounts(into.operations, from.operations);
  mergeValueCounts(into.models, from.models);
  mergeValueCounts(into.user_agents, from.user_agents);
  mergeValueCounts(into.asns, from.asns);
  mergeValueCounts(into.scripts, from.scripts);
  for (const { bin, count } of from.input_bands) into.input_bands = withBin(into.input_bands, bin, count);
  for (const { bin, count } of from.output_bands) into.output_bands = withBin(into.output_bands, bin, count);
  for (const template of from.templates) {
    const known = templateOf(into, template.template);
    if (known === null) continue;
    known.calls += template.calls;
    mergeSketch(known.fillings, template.fillings);
  }
  mergeSketch(into.distinct_templates, from.distinct_templates);
  mergeSketch(into.distinct_fillings, from.distinct_fillings);
  mergeSketch(into.distinct_shapes, from.distinct_shapes);
  mergeSketch(into.distinct_ips, from.distinct_ips);
  mergeSketch(into.distinct_networks, from.distinct_networks);
  mergeSketch(into.distinct_user_agents, from.distinct_user_agents);
  mergeSketch(into.distinct_tls, from.distinct_tls);
  mergeSketch(into.distinct_keys, from.distinct_keys);
  for (const { event_id, hash } of from.samples) addSample(into, event_id, hash);
}

function addSample(acc: Accumulator, event_id: string, hash: number): void {
  const { samples } = acc;
  let place = 0;
  for (; place < samples.length; place++) {
    const known = samples[place];
    if (known === undefined || known.hash > hash || (known.hash === hash && known.event_id >= event_id)) break;
  }
  const known = samples[place];
  if (place >= MOST_SAMPLES || (known?.hash === hash && known.event_id === event_id)) return;
  acc.samples = withInserted(samples, place, { event_id, hash });
  if (acc.samples.length > MOST_SAMPLES) acc.samples.pop();
}

/** Bins with `count` more in `bin`: the same array when the bin is known. */
function withBin(bins: Bin[], bin: number, count: number): Bin[] {
  let place = bins.length;
  while (place > 0 && (bins[place - 1]?.bin ?? 0) > bin) place--;
  const known = bins[place - 1];
  if (known === undefined || known.bin !== bin) return withInserted(bins, place, { bin, count });
  known.count += count;
  return bins;
}

/** Below this an insertion makes an array of the exact length. */
const EXACT_LENGTH = 8;

/**
 * An array that is grown in place reserves room for 17 values or more. Most windows hold one call, and there are millions of them: theirs are exact, which
 * halves what a window weighs. Longer ones grow in place.
 */
function withInserted<Value>(values: Value[], place: number, value: Value): Value[] {
  if (values.length === 0) return [value];
  if (values.length < EXACT_LENGTH) return values.toSpliced(place, 0, value);
  values.splice(place, 0, value);
  return values;
}

function band(tokens: number): number {
  return 31 - Math.clz32(tokens + 1);
}
