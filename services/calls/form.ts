import type { ApiCall } from '../records/api-call.ts';
import { tokenBand } from '../records/bins.ts';
import { createGenerations } from './generations.ts';
import { type Hashes, upperHalf } from './hashes.ts';
import { type SeenAttribute, seen } from './seen-attribute.ts';

/** What of a call says how it is asked, but for its lengths. */
export type FormFields = Pick<
  ApiCall,
  'operation_name' | 'request_model' | 'stream' | 'temperature' | 'max_tokens' | 'tools_hash' | 'system_prompt_hash'
>;

/** The form with its lengths: what a template looks like without text. */
export interface Shape {
  /** By operation, model, lengths in powers of two, parameters, tools. */
  hash: number;
  /** By operation, model family, lengths in powers of four, parameters, tools, system prompt: the same for the next version of a model. */
  attribute: SeenAttribute;
}

/** How calls are asked. The same object for all senders that ask like that, so that a shape is worked out once. */
export interface Form {
  /** Sampling parameters as one text, null when none was set. */
  sampling: string | null;
  shapeOf(inputTokens: number, outputTokens: number): Shape;
}

export type FormOf = (fields: FormFields) => Form;

/** Bands of a length: a power of two each, tokens being 32-bit numbers. */
const BANDS = 32;

export function createForms(hashes: Hashes): FormOf {
  const known = createGenerations<Form>();
  return (fields) => {
    const { operation_name, request_model, stream, tools_hash, system_prompt_hash } = fields;
    const sampling = samplingOf(fields);
    const after = `${sampling ?? '-'} ${stream ?? '-'} ${tools_hash ?? '-'}`;
    const key = `${operation_name} ${request_model} ${after} ${system_prompt_hash ?? '-'}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const family = request_model.replace(/[-_.@]?\d[\d.-]*/g, '');
    const make = (input: number, output: number): Shape => {
      const coarse = `${operation_name} ${family} ${input >> 1} ${output >> 1} ${sampling ?? '-'} ${tools_hash ?? '-'} ${system_prompt_hash ?? '-'}`;
      const value = hashes.hash64(coarse);
      return {
        hash: hashes.hash32(`${operation_name} ${request_model} ${input} ${output} ${after}`),
        attribute: seen('shape', value, upperHalf(value)),
      };
    };
    const shapes = new Map<number, Shape>();
    const form: Form = {
      sampling,
      shapeOf(inputTokens, outputTokens) {
        const input = tokenBand(inputTokens);
        const output = tokenBand(outputTokens);
        const place = input * BANDS + output;
        const shape = shapes.get(place) ?? make(input, output);
        shapes.set(place, shape);
        return shape;
      },
    };
    known.set(key, form);
    return form;
  };
}

function samplingOf({ temperature, max_tokens }: FormFields): string | null {
  return temperature === null && max_tokens === null ? null : `t${temperature ?? '-'} m${max_tokens ?? '-'}`;
}
