import type { DistinctSketch } from './distinct-sketch.ts';

/** How often each value was seen. Small and scanned; values beyond the cap of the field are added to `other`. */
export interface ValueCounts {
  values: { value: string; count: number }[];
  other: number;
}

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
  /** Event time of the first and the last call, milliseconds. */
  first_seen: number;
  last_seen: number;
  operations: ValueCounts;
  models: ValueCounts;
  /** `class/family` of the user agent. */
  user_agents: ValueCounts;
  scripts: ValueCounts;
  /** Request shapes without text: operation, model, length bands, parameters, tools; hashed. */
  shapes: ValueCounts;
  /** Calls by floor(log2(tokens + 1)), index = band, 0..31. */
  input_bands: number[];
  output_bands: number[];
  /** Calls by place in the window: 60 bins of a second (minute) or of a minute (hour), 96 bins of 15 minutes (day). Sparse, ascending. */
  arrivals: { bin: number; count: number }[];
  /** At most 64 templates, the most called (ties by hash). */
  templates: TemplateCount[];
  distinct_templates: DistinctSketch;
  distinct_fillings: DistinctSketch;
  distinct_ips: DistinctSketch;
  distinct_networks: DistinctSketch;
  distinct_user_agents: DistinctSketch;
  distinct_tls: DistinctSketch;
  distinct_keys: DistinctSketch;
  /** At most 4 event ids, those with the smallest hash: the same sample in any order. */
  samples: { event_id: string; hash: number }[];
}
