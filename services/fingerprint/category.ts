import { CATEGORIES, type Category } from './categories.ts';
import { CATEGORY_WORDS } from './category-words.ts';
import { HEAD, openingEnd } from './opening.ts';
import type { Tokens } from './tokens.ts';
import { createWordFinder } from './word-finder.ts';

/** Bits of markers/all.ts that settle the category. */
const REASONS = 1;
const JUDGES = 2;
const REWRITES = 4;
const GENERATES = 8;

/** Words at the end that name the output ("Summary:", "Translation:"). */
const TAIL = 8;
/** A word of the request counts for more the earlier it stands: the verb comes first. */
const WEIGHT = HEAD + 8;
/** A longer prompt is not small talk. In words. */
const SMALL_TALK = 12;
/** UTF-16 units of the first line in which a formula is looked for: those of a filling would label one template in several ways. */
const LOOKED = 300;

/** An operator between digits (a date has no blanks around its dash), a variable that equals a number, a TeX command. No part of it can be matched in two ways: linear. */
const FORMULA = /\d ?[+*^=×÷] ?\(?\d|\d [-/] \d|\d ?% of|\b[a-z] ?= ?-?\d|\\(?:frac|int|sum|sqrt|begin)\b/;

function hasFormula(text: string): boolean {
  const end = text.indexOf('\n');
  return FORMULA.test(text.slice(0, end < 0 ? LOOKED : Math.min(end, LOOKED)));
}

export type Categorise = (tokens: Tokens, markers: number, script: string) => Category;

export function createCategorise(key: number): Categorise {
  const found = createWordFinder(CATEGORY_WORDS, key);
  const roles = Object.keys(CATEGORY_WORDS);
  // Whatever is asked for can be put as a question.
  const asking = roles.indexOf('question_answering');
  const scores = new Int32Array(roles.length);

  /** The category most spoken of in these words, null where none is. */
  function strongest(from: number, to: number): Category | null {
    scores.fill(0);
    let best = -1;
    for (let i = 0; i < found.at.length; i++) {
      const at = found.at[i] ?? 0;
      if (at < from || at >= to) continue;
      const bits = found.bits[i] ?? 0;
      const weight = Math.max(1, WEIGHT - (at - from));
      for (let role = 0; role < roles.length; role++) {
        if ((bits & (1 << role)) === 0) continue;
        scores[role] = (scores[role] ?? 0) + (role === asking ? weight >> 2 : weight);
        if (best < 0 || (scores[role] ?? 0) > (scores[best] ?? 0)) best = role;
      }
    }
    return CATEGORIES.find((category) => category === roles[best]) ?? null;
  }

  return (tokens, markers, script) => {
    const { count, text } = tokens;
    found.find(tokens);
    const opening = openingEnd(tokens);
    const spoken = strongest(0, opening) ?? strongest(opening, HEAD) ?? strongest(Math.max(HEAD, count - TAIL), count);
    if (spoken === 'agent') return spoken;
    if (markers & JUDGES) return 'judging';
    if (markers & GENERATES) return 'task_generation';
    if (markers & REWRITES) return 'rewriting';
    if (spoken === 'question_answering' && hasFormula(text)) return 'mathematics';
    if (spoken === 'conversation' && count > SMALL_TALK) return strongest(SMALL_TALK, HEAD) ?? 'other';
    if (spoken !== null) return spoken;
    if (tokens.blocks > 0 || script === 'code') return 'code';
    if (hasFormula(text)) return 'mathematics';
    if (markers & REASONS) return 'reasoning';
    return text.includes('?') ? 'question_answering' : 'other';
  };
}
