import type { Tokens } from '../tokens.ts';

/**
 * A marker tells from the form of a request what it asks the model to produce: a verb, an object and an output shape near each other, in any wording. The lexicons
 * name such words by their role; no sentence of a data set is in them. A marker is weak evidence for one prompt (people do ask for step-by-step
 * answers) and becomes evidence by its share over an account or a cluster.
 */
export interface Marker {
  name: string;
  /** One bit of a fingerprint's `markers`: never reused. */
  bit: number;
  /** Role to its words and phrases, separated by `|`, in lower case; `0` stands for any number. Chinese in both scripts. */
  lexicon: Readonly<Record<string, string>>;
  asks(found: Findings): boolean;
}

export interface Nearness {
  /** Words from the one to the other. */
  within: number;
  /** The second comes after the first. */
  ordered?: boolean;
  /** A word of this role between the two parts them. */
  unless?: string;
}

/** Where the words of one marker's roles stand in a prompt. */
export interface Findings {
  has(role: string): boolean;
  /** Both in one sentence. */
  near(first: string, second: string, nearness: Nearness): boolean;
  /** The role's words as a label (`reasoning:`), a heading or a tag (`<thought>`): an output shape or a section, not running text. */
  asLabel(role: string): boolean;
}

/** Occurrences of one marker's words, in the order of the text. */
export interface Occurrences {
  /** Name of a role to its number, 0 to 30. */
  roles: ReadonlyMap<string, number>;
  /** Bit set of the roles that occur at all. */
  present: number;
  /** First token, and number of the role. */
  at: number[];
  role: number[];
}

export function createFindings(occurrences: Occurrences, tokens: () => Tokens): Findings {
  const bitOf = (role: string): number => 1 << (occurrences.roles.get(role) ?? 31);
  const has = (role: string): boolean => (occurrences.present & bitOf(role)) !== 0;
  return {
    has,
    near(first, second, { within, ordered = false, unless }) {
      if (!has(first) || !has(second)) return false;
      return isNear(
        occurrences,
        tokens(),
        bitOf(first),
        bitOf(second),
        within,
        ordered,
        unless === undefined ? 0 : bitOf(unless),
      );
    },
    asLabel(role) {
      if (!has(role)) return false;
      const wanted = occurrences.roles.get(role);
      return occurrences.at.some((token, i) => occurrences.role[i] === wanted && isLabelOrTag(tokens(), token));
    },
  };
}

/** One pass: only the last occurrence of each role can be the nearest. A word that plays both roles is not near itself. */
function isNear(
  { at, role }: Occurrences,
  { sentence }: Tokens,
  first: number,
  second: number,
  within: number,
  ordered: boolean,
  parting: number,
): boolean {
  let lastFirst = -1;
  let lastSecond = -1;
  let lastParting = -1;
  for (let i = 0; i < at.length; ) {
    const token = at[i] ?? 0;
    const here = bitsAt(at, role, i);
    const meets = (other: number): boolean =>
      other >= 0 && token - other <= within && sentence[other] === sentence[token] && lastParting < other;
    if (here & second && meets(lastFirst)) return true;
    if (here & first && !ordered && meets(lastSecond)) return true;
    if (here & first) lastFirst = token;
    if (here & second) lastSecond = token;
    if (here & parting) lastParting = token;
    while (at[i] === token) i++;
  }
  return false;
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
