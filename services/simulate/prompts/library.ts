import benign from '../data/benign-templates.json' with { type: 'json' };
import harvest from '../data/harvest-templates.json' with { type: 'json' };
import vocabularyText from '../data/vocabulary.json' with { type: 'json' };
import { createRandom, type Random } from '../random.ts';
import { compileTemplate, fixWording, render, type Template, type Vocabulary } from './template.ts';

export type HarvestUse =
  | 'chain_of_thought'
  | 'rubric_grading'
  | 'instruction_generation'
  | 'policy_rewrite'
  | 'agentic_coding'
  | 'vision_reasoning';

export type BenignUse =
  | 'chat'
  | 'code'
  | 'complete'
  | 'extract'
  | 'rag'
  | 'agent'
  | 'framework'
  | 'harness'
  | 'labelling'
  | 'exercise'
  | 'ci'
  | 'judge'
  | 'synthetic_data'
  | 'tutor'
  | 'retrieval';

/** `other`: German, Spanish, French, Japanese, Russian and Portuguese. */
export type Language = 'en' | 'zh' | 'other';

interface Row {
  name: string;
  use: string;
  language: string;
  popular: boolean;
  text: string;
}

/** A template in the wording of one owner, ready to be filled. */
export interface Prompt {
  name: string;
  /** Lower bound for the input tokens of a call with it: about a quarter of its usual length in characters, Chinese about one a character. */
  minimumTokens: number;
  render(random: Random): string;
}

export interface PromptChoice {
  use: BenignUse | HarvestUse;
  language: Language;
  /** true: rather a template that unrelated customers share; false: rather one of the others. */
  popular?: boolean;
}

export interface PromptLibrary {
  /** Names of the templates that fit, never empty: where none fits in full, the wish for popularity goes first, then the language. */
  names(choice: PromptChoice): string[];
  /** The named template in one wording; `skew` as for `render`. Throws on an unknown name. */
  prompt(name: string, wording: Random, skew: number): Prompt;
}

export function createPromptLibrary(): PromptLibrary {
  const rows: readonly Row[] = [...benign, ...harvest];
  const vocabulary: Vocabulary = new Map<string, readonly Template[]>(
    Object.entries(vocabularyText).map(([slot, texts]) => [slot, texts.map(compileTemplate)]),
  );
  const companies = vocabularyText.company;
  const lengths = new Map<string, number>();

  function usualTokens(row: Row, prompt: Template): number {
    let tokens = lengths.get(row.name);
    if (tokens === undefined) {
      const random = createRandom(`length of ${row.name}`);
      let characters = 0;
      for (let i = 0; i < 16; i += 1) characters += render(prompt, vocabulary, random, 1).length;
      tokens = Math.ceil(characters / 16 / (row.language === 'zh' ? 1.2 : 4));
      lengths.set(row.name, tokens);
    }
    return tokens;
  }

  return {
    names(choice) {
      const fits = (language: string, popular?: boolean): string[] =>
        rows
          .filter((row) => row.use === choice.use && row.language === language)
          .filter((row) => popular === undefined || row.popular === popular)
          .map((row) => row.name);
      const names = [fits(choice.language, choice.popular), fits(choice.language), fits('en')].find(
        (list) => list.length > 0,
      );
      if (names === undefined) throw new Error(`prompt library: no template for ${choice.use}`);
      return names;
    },
    prompt(name, wording, skew) {
      const row = rows.find((candidate) => candidate.name === name);
      if (row === undefined) throw new Error(`prompt library: no template named ${name}`);
      const template = compileTemplate(fixWording(row.text, wording, { app_company: wording.pick(companies) }));
      return {
        name,
        minimumTokens: usualTokens(row, template),
        render: (random) => render(template, vocabulary, random, skew),
      };
    },
  };
}
