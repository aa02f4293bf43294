/** A signal that providers have named in public, the features that carry it, and what else of the system does. */
export interface Signal {
  signal: string;
  features: readonly string[];
  /** What is deliberately elsewhere, or stands in for something that is not known here. */
  note: string;
}

/** The rows of the first table of research/detection.md, in its order. */
export const SIGNALS: readonly Signal[] = [
  {
    signal: 'IP correlation, request metadata, infrastructure indicators',
    features: [
      'shared_network_degree',
      'shared_client_degree',
      'shared_signup_degree',
      'distinct_ips',
      'ips_per_account',
      'networks_per_account',
      'tls_per_account',
      'user_agents_per_account',
      'keys_per_account',
    ],
    note: 'The graph itself is kept by `links`; its degrees arrive as evidence of a cluster.',
  },
  {
    signal: 'shared payment methods',
    features: ['shared_payment_degree'],
    note: 'Weighted by rarity in `links`: a shared prepaid issuer weighs next to nothing.',
  },
  {
    signal: 'synchronised traffic, identical patterns, coordinated timing',
    features: [
      'synchrony_degree',
      'hours_active',
      'hours_active_share',
      'envelope_correlation',
      'envelope_dispersion',
      'templates_per_account',
      'distinct_shapes',
      'stream_share',
    ],
    note: 'Co-occurrence on (time bin x template) is the lockstep evidence of `links`.',
  },
  {
    signal: 'load balancing over accounts',
    features: [
      'evenness_gini',
      'evenness_excess',
      'calls_per_account',
      'arrival_dispersion',
      'envelope_dispersion',
      'newcomer_share',
      'suspended_share',
      'replacement_share',
      'throttled_share',
    ],
    note: 'Variance over mean of calls per bin stands in for the inter-arrival CV: it merges, and for a renewal stream it tends to CV^2.',
  },
  {
    signal: 'one proxy network over many accounts, mixed with unrelated customers',
    features: ['enumerated_share', 'product_enumeration_share', 'most_fillings', 'repeated_sampling_share'],
    note: 'Shares over templates are of sub-populations: ordinary traffic beside them does not dilute which templates are a harvest, only their share.',
  },
  {
    signal: 'chain-of-thought elicitation',
    features: [
      'chain_of_thought_share',
      'reasoning_tokens',
      'reasoning_share',
      'cached_input_share',
      'top_template_share',
    ],
    note: 'A fixed prefix shows as input read from the cache, and as one template.',
  },
  {
    signal: 'thinking language forced to match the prompt; much non-English',
    features: ['non_latin_share', 'script_entropy', 'marked_script_entropy'],
    note: 'The dominant script stands in for the language: it needs no model, and no text is kept to run one on later.',
  },
  {
    signal: 'rubric grading',
    features: ['rubric_grading_share', 'long_in_short_out_share', 'output_length_spread', 'output_input_ratio'],
    note: '',
  },
  { signal: 'rewrites of politically sensitive queries', features: ['policy_rewrite_share'], note: '' },
  {
    signal: 'agentic coding, tool use, computer use',
    features: [
      'agentic_share',
      'tool_share',
      'image_share',
      'label_entropy',
      'top_label_share',
      'category_entropy',
      'top_category_share',
      'operation_entropy',
      'mix_divergence',
      'mix_divergence_significance',
    ],
    note: 'How far the labels are from those of benign accounts is a two-sample test on their marginals, which the capability sweep makes.',
  },
  {
    signal: 'volume, repetitive structure, narrow focus',
    features: [
      'calls',
      'input_tokens',
      'output_tokens',
      'accounts',
      'distinct_templates',
      'template_concentration',
      'near_duplicate_share',
      'fillings_per_template',
      'fresh_filling_share',
      'calls_per_filling',
      'filling_repeats',
      'instruction_generation_share',
      'product_share',
      'category_entropy',
      'input_length_spread',
      'active_share',
    ],
    note: '',
  },
  {
    signal: 'half the traffic moves to a new model within 24 h',
    features: ['top_model_share', 'model_entropy', 'new_model_share', 'new_model_excess'],
    note: 'Which model is new, and how fast honest customers adopt it, is known from the population and not from one window: the model pivot compares the two.',
  },
  {
    signal: 'routers masking the source',
    features: [
      'hosting_share',
      'distinct_networks',
      'distinct_asns',
      'asns_per_account',
      'calls_per_ip',
      'network_turnover',
    ],
    note: 'The country of an address is not known here (no geographic database is shipped), so there is no geo-velocity: networks in turn and distinct autonomous systems stand in for it. Residential proxies are told by turnover, since lists of their networks are not public.',
  },
  {
    signal: 'high-frequency, repetitive queries from non-standard user agents',
    features: [
      'nonstandard_client_share',
      'top_client_share',
      'distinct_user_agents',
      'distinct_tls',
      'distinct_keys',
      'shape_repetition',
      'error_share',
      'unverified_share',
    ],
    note: 'Rarity of the client is in `shared_client_degree`.',
  },
];
