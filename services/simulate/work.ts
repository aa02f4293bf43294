import lengths from './data/lengths.json' with { type: 'json' };
import { fromQuantiles, normal, type Weighted, weighted } from './distributions.ts';
import type { BenignUse, HarvestUse, Prompt, PromptLibrary } from './prompts/library.ts';
import type { Random } from './random.ts';

/** What ordinary clients do. */
export type Category = 'chat' | 'code' | 'complete' | 'extract' | 'rag' | 'agent' | 'embeddings';

interface LogNormalLength {
  mu: number;
  sigma: number;
}

/** How the requests of one job look, apart from their text. */
export interface RequestShape {
  operation: string;
  input: LogNormalLength;
  output: LogNormalLength;
  temperature: number | null;
  maxTokens: number | null;
  streamShare: number;
  systemPromptHash: string | null;
  toolsHash: string | null;
  /** Means of the counts. */
  toolCalls: number;
  images: number;
  messages: number;
  /** Reasoning tokens for each token of visible output; 0: the model does not reason. */
  reasoning: number;
  cachedShare: number;
}

/** One thing that somebody asks again and again: a template and the requests that carry it. */
export interface Work {
  prompt: Prompt;
  shape: RequestShape;
}

export type Model = 'nimbus-large-4' | 'nimbus-medium-4' | 'nimbus-small-4' | 'nimbus-embed-2';

type Size = readonly [mu: number, sigma: number];

interface CategoryTraits {
  use: BenignUse;
  input: Size;
  output: Size;
  temperatures: Weighted<number | null>;
  maxTokens: Weighted<number | null>;
  streamShare: number;
  systemPromptShare: number;
  toolsShare: number;
  messages: number;
  models: Weighted<Model>;
  /** Many wordings: people. Few: an application. */
  templates: readonly [least: number, most: number];
}

/** Not measured: an application's classification and extraction calls, shorter than conversation. */
const EXTRACT = { input: [5.9, 0.9] as const, output: [3.4, 0.9] as const };

function size(name: keyof typeof lengths.categories, side: 'input' | 'output'): Size {
  const [mu = 0, sigma = 0] = lengths.categories[name][side];
  return [mu, sigma];
}

const CHAT_MODELS: Weighted<Model> = [
  ['nimbus-large-4', 0.35],
  ['nimbus-medium-4', 0.4],
  ['nimbus-small-4', 0.25],
];
const APPLICATION_MODELS: Weighted<Model> = [
  ['nimbus-large-4', 0.15],
  ['nimbus-medium-4', 0.35],
  ['nimbus-small-4', 0.5],
];

const TRAITS: Readonly<Record<Category, CategoryTraits>> = {
  chat: {
    use: 'chat',
    input: size('chat', 'input'),
    output: size('chat', 'output'),
    temperatures: [
      [null, 0.5],
      [0.7, 0.3],
      [1, 0.15],
      [0.3, 0.05],
    ],
    maxTokens: [
      [null, 0.5],
      [1024, 0.2],
      [2048, 0.2],
      [4096, 0.1],
    ],
    streamShare: 0.85,
    systemPromptShare: 0.7,
    toolsShare: 0.1,
    messages: 6,
    models: CHAT_MODELS,
    templates: [1, 2],
  },
  code: {
    use: 'code',
    input: size('code', 'input'),
    output: size('chat', 'output'),
    temperatures: [
      [null, 0.4],
      [0, 0.35],
      [0.2, 0.25],
    ],
    maxTokens: [
      [null, 0.4],
      [4096, 0.3],
      [8192, 0.3],
    ],
    streamShare: 0.9,
    systemPromptShare: 0.9,
    toolsShare: 0.5,
    messages: 9,
    models: [
      ['nimbus-large-4', 0.6],
      ['nimbus-medium-4', 0.35],
      ['nimbus-small-4', 0.05],
    ],
    templates: [1, 2],
  },
  complete: {
    use: 'complete',
    input: size('code', 'input'),
    output: size('code', 'output'),
    temperatures: [
      [0, 0.6],
      [0.2, 0.4],
    ],
    maxTokens: [
      [64, 0.5],
      [128, 0.3],
      [256, 0.2],
    ],
    streamShare: 0.6,
    systemPromptShare: 0.4,
    toolsShare: 0,
    messages: 1,
    models: [
      ['nimbus-small-4', 0.8],
      ['nimbus-medium-4', 0.2],
    ],
    templates: [1, 1],
  },
  extract: {
    use: 'extract',
    input: EXTRACT.input,
    output: EXTRACT.output,
    temperatures: [
      [0, 0.6],
      [0.1, 0.1],
      [null, 0.2],
      [0.3, 0.1],
    ],
    maxTokens: [
      [null, 0.25],
      [16, 0.1],
      [64, 0.15],
      [256, 0.25],
      [512, 0.25],
    ],
    streamShare: 0.05,
    systemPromptShare: 0.75,
    toolsShare: 0.1,
    messages: 1,
    models: APPLICATION_MODELS,
    templates: [1, 3],
  },
  rag: {
    use: 'rag',
    input: size('rag', 'input'),
    output: size('rag', 'output'),
    temperatures: [
      [0, 0.35],
      [0.2, 0.3],
      [null, 0.25],
      [0.7, 0.1],
    ],
    maxTokens: [
      [null, 0.3],
      [512, 0.3],
      [1024, 0.4],
    ],
    streamShare: 0.6,
    systemPromptShare: 0.9,
    toolsShare: 0.05,
    messages: 3,
    models: APPLICATION_MODELS,
    templates: [1, 3],
  },
  agent: {
    use: 'agent',
    input: size('rag', 'input'),
    output: size('code', 'output'),
    temperatures: [
      [0, 0.4],
      [null, 0.4],
      [1, 0.2],
    ],
    maxTokens: [
      [4096, 0.5],
      [null, 0.5],
    ],
    streamShare: 0.5,
    systemPromptShare: 1,
    toolsShare: 1,
    messages: 14,
    models: [
      ['nimbus-large-4', 0.55],
      ['nimbus-medium-4', 0.4],
      ['nimbus-small-4', 0.05],
    ],
    templates: [1, 2],
  },
  embeddings: {
    use: 'rag',
    input: EXTRACT.input,
    output: [0, 0],
    temperatures: [[null, 1]],
    maxTokens: [[null, 1]],
    streamShare: 0,
    systemPromptShare: 0,
    toolsShare: 0,
    messages: 1,
    models: [['nimbus-embed-2', 1]],
    templates: [1, 1],
  },
};

/**
 * The length distribution of one client: the traces' spread over all requests is divided into the client's own (ServeGen's coefficients
 * of variation) and the rest, which is drawn once as the client's place.
 */
function clientLength(random: Random, [mu, sigma]: Size, cvs: readonly number[]): LogNormalLength {
  const own = Math.min(sigma, Math.sqrt(Math.log(1 + fromQuantiles(random, cvs) ** 2)));
  const between = Math.sqrt(Math.max(0.2, sigma * sigma - own * own));
  return { mu: mu + between * normal(random), sigma: own };
}

export function drawModel(random: Random, category: Category): Model {
  return weighted(random, TRAITS[category].models);
}

export function drawShape(random: Random, category: Category): RequestShape {
  const traits = TRAITS[category];
  const tools = random.chance(traits.toolsShare);
  return {
    operation: category === 'embeddings' ? 'embeddings' : category === 'complete' ? 'text_completion' : 'chat',
    input: clientLength(random, traits.input, lengths.client_quantiles.input_cv),
    output: clientLength(random, traits.output, lengths.client_quantiles.output_cv),
    temperature: weighted(random, traits.temperatures),
    maxTokens: weighted(random, traits.maxTokens),
    streamShare: traits.streamShare,
    systemPromptHash: random.chance(traits.systemPromptShare) ? random.hex(16) : null,
    toolsHash: tools ? random.hex(16) : null,
    toolCalls: tools ? 1.2 : 0,
    images: category === 'chat' && random.chance(0.08) ? 0.4 : 0,
    messages: traits.messages,
    reasoning: random.chance(0.15) ? 2 : 0,
    cachedShare: random.chance(0.4) ? random.next() * 0.8 : 0,
  };
}

/** The jobs of one ordinary client: own wordings, sometimes a template that half the world uses. */
export function drawWork(random: Random, prompts: PromptLibrary, category: Category, chinese: number): Work[] {
  const traits = TRAITS[category];
  const people = category === 'chat' || category === 'code' || category === 'complete';
  const shape = drawShape(random, category);
  const [least, most] = traits.templates;
  const count = least + random.int(most - least + 1);
  const work: Work[] = [];
  for (let i = 0; i < count; i += 1) {
    // One customer in seven writes in neither English nor Chinese, where the library has something for the purpose.
    const language = random.chance(chinese) ? 'zh' : random.chance(0.14) ? 'other' : 'en';
    // One customer in eight takes its template from an open-source collection as it is.
    const popular = traits.use !== 'agent' && traits.use !== 'complete' && random.chance(0.12);
    const name = random.pick(prompts.names({ use: traits.use, language, popular }));
    const systemPromptHash = shape.systemPromptHash === null || i === 0 ? shape.systemPromptHash : random.hex(16);
    work.push({ prompt: prompts.prompt(name, random, people ? 1 : 1.6), shape: { ...shape, systemPromptHash } });
  }
  return work;
}

/** Lengths and parameters of harvesting requests: no data is public; ours, after what the reports describe. */
const HARVEST: Readonly<
  Record<HarvestUse, { input: Size; output: Size; maxTokens: number; temperature: number; reasoning: number }>
> = {
  chain_of_thought: { input: [5.5, 0.45], output: [6.9, 0.5], maxTokens: 8192, temperature: 0.7, reasoning: 1.5 },
  rubric_grading: { input: [6.9, 0.4], output: [1.1, 0.4], maxTokens: 16, temperature: 0, reasoning: 0 },
  instruction_generation: { input: [5.4, 0.3], output: [5.8, 0.5], maxTokens: 2048, temperature: 1, reasoning: 0 },
  policy_rewrite: { input: [5.1, 0.35], output: [5.6, 0.45], maxTokens: 1024, temperature: 0.7, reasoning: 0 },
  agentic_coding: { input: [8.6, 0.7], output: [6.3, 0.8], maxTokens: 8192, temperature: 0.7, reasoning: 0.8 },
  vision_reasoning: { input: [7.2, 0.4], output: [6.2, 0.5], maxTokens: 4096, temperature: 0.7, reasoning: 0.6 },
};

export function harvestShape(random: Random, use: HarvestUse): RequestShape {
  const traits = HARVEST[use];
  const agentic = use === 'agentic_coding';
  return {
    operation: 'chat',
    input: { mu: traits.input[0], sigma: traits.input[1] },
    output: { mu: traits.output[0], sigma: traits.output[1] },
    temperature: traits.temperature,
    maxTokens: traits.maxTokens,
    streamShare: 0.1,
    systemPromptHash: random.hex(16),
    toolsHash: agentic ? random.hex(16) : null,
    toolCalls: agentic ? 1.6 : 0,
    images: use === 'vision_reasoning' ? 1 : 0,
    messages: agentic ? 8 : 1,
    reasoning: traits.reasoning,
    cachedShare: 0.1,
  };
}
