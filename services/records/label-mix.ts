import { tokenBand } from './bins.ts';

/** What of a call its label is made of: nothing that needs the prompt's text. */
export interface LabelledCall {
  operation_name: string;
  has_tools: boolean;
  image_count: number;
  input_tokens: number;
  output_tokens: number;
}

export interface Label {
  operation: OperationClass;
  tools: boolean;
  images: boolean;
  /** floor(band / 2) of floor(log2(tokens + 1)): a factor of four in tokens. */
  inputBand: number;
  outputBand: number;
}

/** Classes of `gen_ai.operation.name` (OpenTelemetry GenAI); the place is what is packed: append only, at most 8. */
export const OPERATION_CLASSES = ['generation', 'embeddings', 'agent', 'other'] as const;
export type OperationClass = (typeof OPERATION_CLASSES)[number];

const CLASS_OF: ReadonlyMap<string, OperationClass> = new Map([
  ['chat', 'generation'],
  ['text_completion', 'generation'],
  ['generate_content', 'generation'],
  ['embeddings', 'embeddings'],
  ['create_agent', 'agent'],
  ['invoke_agent', 'agent'],
  ['execute_tool', 'agent'],
]);

/**
 * A call's label as one whole number below 8,192, from the highest bit: operation class (3 bits), tools (1), images (1), input band (4), output band (4).
 * Bands of a factor of four keep the mix of one client to a handful of bins and that of a population to some forty (input 16 to 65,536 tokens is 6 bands,
 * output 4 to 4,096 is 5, tools or not), which is what a two-sample test over a few hundred calls can tell apart.
 */
export function labelBin({
  operation_name,
  has_tools,
  image_count,
  input_tokens,
  output_tokens,
}: LabelledCall): number {
  const operation = OPERATION_CLASSES.indexOf(CLASS_OF.get(operation_name) ?? 'other');
  const flags = (has_tools ? 2 : 0) | (image_count > 0 ? 1 : 0);
  return (operation << 10) | (flags << 8) | ((tokenBand(input_tokens) >> 1) << 4) | (tokenBand(output_tokens) >> 1);
}

/** What a bin of a label mix stands for. */
export function labelOf(bin: number): Label {
  return {
    operation: OPERATION_CLASSES[bin >> 10] ?? 'other',
    tools: (bin & 0x200) !== 0,
    images: (bin & 0x100) !== 0,
    inputBand: (bin >> 4) & 0xf,
    outputBand: bin & 0xf,
  };
}
