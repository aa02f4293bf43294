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
  const { roles, at, bits, slotAt, slotBits } = occurrences;
  const bitOf = (role: string): number => 1 << (roles.get(role) ?? 31);
  const has = (role: string): boolean => (occurrences.present & bitOf(role)) !== 0;
  const some = (role: string, where: (token: number) => boolean): boolean => {
    if (!has(role)) return false;
    const wanted = bitOf(role);
    return at.some((token, i) => ((bits[i] ?? 0) & wanted) !== 0 && where(token));
  };
  return {
    has,
    many(role, least, within) {
      if (!has(role)) return false;
      const wanted = bitOf(role);
      const reach = within * density(tokens(), at[0] ?? 0);
      let run = 0;
      let last = 0;
      for (let i = 0; i < at.length && run < least; i++) {
        const token = at[i] ?? 0;
        if (((bits[i] ?? 0) & wanted) === 0) continue;
        run = run > 0 && token - last <= reach ? run + 1 : 1;
        last = token;
      }
      return run >= least;
    },
    near(first, second, nearness) {
      return has(first) && has(second) && isNear(occurrences, tokens(), bitOf(first), bitOf(second), nearness, bitOf);
    },
    asLabel: (role) => some(role, (token) => isTag(tokens(), token) || isInLabel(tokens(), token)),
    asFilledLabel: (role) => some(role, (token) => isInLabel(tokens(), token, tokens().count)),
    asField(verb, role) {
      const wanted = bitOf(role);
      return slotAt.some(
        (field, i) =>
          ((slotBits[i] ?? 0) & wanted) !== 0 && some(verb, (token) => token < field && field - token <= FORMAT_REACH),
      );
    },
  };
}

/** One pass: only the last occurrence of each role can be the nearest. A word that plays both roles is not near itself. */
function isNear(
  { at, bits }: Occurrences,
  tokens: Tokens,
  first: number,
  second: number,
  { within, ordered = false, unless, across = false }: Nearness,
  bitOf: (role: string) => number,
): boolean {
  const { sentence } = tokens;
  const parting = unless === undefined ? 0 : bitOf(unless);
  const meets = (token: number, other: number): boolean =>
    other >= 0 &&
    token - other <= within * density(tokens, token) &&
    (across || sentence[other] === sentence[token]) &&
    lastParting < other;
  let lastFirst = -1;
  let lastSecond = -1;
  let lastParting = -1;
  for (let i = 0; i < at.length; i++) {
    const token = at[i] ?? 0;
    const here = bits[i] ?? 0;
    if (here & second && meets(token, lastFirst)) return true;
    if (here & first && !ordered && meets(token, lastSecond)) return true;
    if (here & first) lastFirst = token;
    if (here & second) lastSecond = token;
    if (here & parting) lastParting = token;
  }
  return false;
}

/** Chinese and Japanese say in two characters, each a token, what is one word elsewhere. */
function density({ kind }: Tokens, at: number): number {
  return kind[at] === TOKEN.ideograph ? 2 : 1;
}

function isTag({ text, start }: Tokens, token: number): boolean {
  const before = text[(start[token] ?? 0) - 1];
  return before === '<' || before === '|';
}

/** In a label that ends before the token `end`. */
function isInLabel({ labels }: Tokens, token: number, end = Number.POSITIVE_INFINITY): boolean {
  return labels.some(({ from, to }) => token >= from && token < to && to < end);
}
