import { TOKEN, type Tokens } from '../tokens.ts';
import type { Lexicon, Occurrences } from './lexicon.ts';

/**
 * A marker tells from the form of a request what it asks the model to produce: a verb, an object and an output shape near each other, in any wording. The lexicons
 * name such words by their role; no sentence of a data set is in them. A marker is weak evidence for one prompt (people do ask for step-by-step
 * answers) and becomes evidence by its share over an account or a cluster.
 *
 * English and Chinese (both scripts) are complete; Spanish, German, French, Portuguese, Russian, Japanese and Korean have the words of the plainest wording.
 */
export interface Marker {
  name: string;
  /** One bit of a fingerprint's `markers`: never reused. */
  bit: number;
  lexicon: Lexicon;
  asks(found: Findings): boolean;
}

export interface Nearness {
  /** Words from the one to the other; twice as many ideographs. */
  within: number;
  /** The second comes after the first. */
  ordered?: boolean;
  /** A word of this role between the two parts them. */
  unless?: string;
  /** A full stop or a line's end between the two does not part them. */
  across?: boolean;
}

/** Where the words of one marker's roles stand in a prompt. */
export interface Findings {
  has(role: string): boolean;
  /** So many words of the role, none further than `within` from the one before; repeated ones count again. */
  many(role: string, least: number, within: number): boolean;
  /** Both in one sentence, unless `across`. */
  near(first: string, second: string, nearness: Nearness): boolean;
  /** The role's words as a label (`reasoning:`), a heading or a tag (`<thought>`): an output shape or a section, not running text. */
  asLabel(role: string): boolean;
  /** The same with something behind it, which the prompt hands over; a label at the very end waits for the answer. */
  asFilledLabel(role: string): boolean;
  /** The name of an output field (slots.ts) behind a word that asks for output (`verb`). Keys of data that is only handed over have no such word before them. */
  asField(verb: string, role: string): boolean;
}

/** Words from the request for an output format to a field of it. */
const FORMAT_REACH = 14;

export function createFindings(occurrences: Occurrences, tokens: () => Tokens): Findings {
  const bitOf = (role: string): number => 1 << (occurrences.roles.get(role) ?? 31);
  const has = (role: string): boolean => (occurrences.present & bitOf(role)) !== 0;
  return {
    has,
    many(role, least, within) {
      if (!has(role)) return false;
      const wanted = occurrences.roles.get(role);
      const reach = within * density(tokens(), occurrences.at[0] ?? 0);
      let run = 0;
      let last = 0;
      for (let i = 0; i < occurrences.at.length && run < least; i++) {
        const at = occurrences.at[i] ?? 0;
        if (occurrences.role[i] !== wanted) continue;
        run = run > 0 && at - last <= reach ? run + 1 : 1;
        last = at;
      }
      return run >= least;
    },
    near(first, second, nearness) {
      return has(first) && has(second) && isNear(occurrences, tokens(), bitOf(first), bitOf(second), nearness, bitOf);
    },
    asLabel(role) {
      if (!has(role)) return false;
      const wanted = occurrences.roles.get(role);
      return occurrences.at.some((token, i) => occurrences.role[i] === wanted && isLabelOrTag(tokens(), token));
    },
    asFilledLabel(role) {
      if (!has(role)) return false;
      const wanted = occurrences.roles.get(role);
      const { labels, count } = tokens();
      return labels.some(
        ({ from, to }) =>
          to < count &&
          occurrences.at.some((token, i) => occurrences.role[i] === wanted && token >= from && token < to),
      );
    },
    asField(verb, role) {
      const asked = occurrences.roles.get(verb);
      const wanted = occurrences.roles.get(role);
      return occurrences.slotAt.some(
        (field, i) =>
          occurrences.slotRole[i] === wanted &&
          occurrences.at.some(
            (token, n) => occurrences.role[n] === asked && token < field && field - token <= FORMAT_REACH,
          ),
      );
    },
  };
}

/** One pass: only the last occurrence of each role can be the nearest. A word that plays both roles is not near itself. */
function isNear(
  { at, role }: Occurrences,
  tokens: Tokens,
  first: number,
  second: number,
  { within, ordered = false, unless, across = false }: Nearness,
  bitOf: (role: string) => number,
): boolean {
  const { sentence } = tokens;
  const parting = unless === undefined ? 0 : bitOf(unless);
  let lastFirst = -1;
  let lastSecond = -1;
  let lastParting = -1;
  for (let i = 0; i < at.length; ) {
    const token = at[i] ?? 0;
    const here = bitsAt(at, role, i);
    const meets = (other: number): boolean =>
      other >= 0 &&
      token - other <= within * density(tokens, token) &&
      (across || sentence[other] === sentence[token]) &&
      lastParting < other;
    if (here & second && meets(lastFirst)) return true;
    if (here & first && !ordered && meets(lastSecond)) return true;
    if (here & first) lastFirst = token;
    if (here & second) lastSecond = token;
    if (here & parting) lastParting = token;
    while (at[i] === token) i++;
  }
  return false;
}

/** Chinese and Japanese say in two characters, each a token, what is one word elsewhere. */
function density({ kind }: Tokens, at: number): number {
  return kind[at] === TOKEN.ideograph ? 2 : 1;
}

/** Roles of the word at occurrence `from`: a word may have several. */
function bitsAt(at: readonly number[], role: readonly number[], from: number): number {
  let bits = 0;
  for (let i = from; at[i] === at[from] && i < at.length; i++) bits |= 1 << (role[i] ?? 0);
  return bits;
}

function isLabelOrTag({ labels, text, start }: Tokens, token: number): boolean {
  const before = text[(start[token] ?? 0) - 1];
  return before === '<' || before === '|' || labels.some(({ from, to }) => token >= from && token < to);
}
