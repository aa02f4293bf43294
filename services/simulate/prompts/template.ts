import type { Random } from '../random.ts';

/**
 * Prompt templates: `{slot}` is filled anew in each call from the vocabulary (recursively), `{#a-b}` is a whole number in a range,
 * `[[x|y|z]]` is a wording chosen once by whoever owns the template.
 */
export type Segment =
  | { kind: 'text'; text: string }
  | { kind: 'slot'; name: string }
  | { kind: 'number'; low: number; high: number };

export type Template = readonly Segment[];

/** Vocabulary, compiled: slot name to its alternatives. */
export type Vocabulary = ReadonlyMap<string, readonly Template[]>;

const PLACEHOLDER = /\{#(\d+)-(\d+)\}|\{([a-z_]+)\}/g;
const WORDING = /\[\[([^\]]*)\]\]/g;

export function compileTemplate(text: string): Template {
  const segments: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > from) segments.push({ kind: 'text', text: text.slice(from, match.index) });
    const [whole, low, high, name] = match;
    if (name !== undefined) segments.push({ kind: 'slot', name });
    else segments.push({ kind: 'number', low: Number(low), high: Number(high) });
    from = match.index + whole.length;
  }
  if (from < text.length) segments.push({ kind: 'text', text: text.slice(from) });
  return segments;
}

/** Chooses one alternative of every wording, and puts values in place of slots that belong to the owner (the name of a company, say). */
export function fixWording(text: string, random: Random, owned: Readonly<Record<string, string>>): string {
  const worded = text.replace(WORDING, (_, choices: string) => random.pick(choices.split('|')));
  return worded.replace(/\{([a-z_]+)\}/g, (whole, name: string) => owned[name] ?? whole);
}

/**
 * `skew` 1 draws the alternatives of a slot evenly; larger values favour the first ones (place = n u^skew), as the users of one
 * application do who all ask about the same few things. Throws on a slot that the vocabulary does not have.
 */
export function render(template: Template, vocabulary: Vocabulary, random: Random, skew: number): string {
  let text = '';
  for (const segment of template) {
    if (segment.kind === 'text') text += segment.text;
    else if (segment.kind === 'number') text += segment.low + random.int(segment.high - segment.low + 1);
    else {
      const alternatives = vocabulary.get(segment.name);
      if (alternatives === undefined) throw new Error(`prompt template: the vocabulary has no slot {${segment.name}}`);
      const choice = alternatives[Math.floor(alternatives.length * random.next() ** skew)];
      if (choice !== undefined) text += render(choice, vocabulary, random, skew);
    }
  }
  return text;
}
