import type { Category } from './categories.ts';
import type { Script } from './script.ts';

/** A reader that does not know a version treats the call as one without text. Version 1 had no category, and other template hashes for prompts with paths and data. */
export const VERSION = 2;

/** What is kept of a prompt instead of its text. Made by the gateway with this library, or inside `calls`; the text goes no further. */
export interface PromptFingerprint {
  version: 1 | typeof VERSION;
  /** 16 hex digits: the same for the same template with other fillings, as far as form can tell. */
  template: string;
  /** 16 hex digits: the same only for the same text (case, white space and compatibility forms aside). */
  filling: string;
  /** LSH bands, 32 bits each: similar prompts share a value at one place at least. */
  bands: readonly number[];
  /** Bit set, see markers/all.ts. */
  markers: number;
  /** Kind of task, `other` in version 1. */
  category: Category;
  script: Script;
  /** Of the prompt, in UTF-16 units. */
  length: number;
}
