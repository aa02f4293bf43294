import { isNonLatin } from '../../fingerprint/script.ts';
import type { Accumulator } from '../accumulator.ts';
import { type Formula, feature, share } from './feature.ts';
import { entropyOf, topShareOf } from './statistics.ts';

/** What prompts ask for and how they are written. */
export const PROMPT_FEATURES = [
  feature(
    'chain_of_thought_share',
    'share',
    'prompts that ask for reasoning / prompts fingerprinted',
    'chain-of-thought elicitation',
    ofPrompts((a) => a.chain_of_thought),
  ),
  feature(
    'rubric_grading_share',
    'share',
    'prompts that ask for a judgement / prompts fingerprinted',
    'rubric grading',
    ofPrompts((a) => a.rubric_grading),
  ),
  feature(
    'policy_rewrite_share',
    'share',
    'prompts that ask for a rewrite / prompts fingerprinted',
    'rewrites of politically sensitive queries',
    ofPrompts((a) => a.policy_rewrite),
  ),
  feature(
    'instruction_generation_share',
    'share',
    'prompts that ask for new tasks / prompts fingerprinted',
    'volume, repetitive structure, narrow focus',
    ofPrompts((a) => a.instruction_generation),
  ),
  feature(
    'product_share',
    'share',
    'prompts with at least one of these four markers / prompts fingerprinted',
    'what a student model is trained on: the union, since one campaign mixes them',
    ofPrompts((a) => a.product_marked),
  ),
  feature(
    'category_entropy',
    'bits',
    'entropy of prompts over task categories',
    'narrow focus: category entropy',
    ({ accumulator: a }) => entropyOf(a.categories),
  ),
  feature(
    'top_category_share',
    'share',
    'prompts of the most frequent task category / prompts fingerprinted',
    'narrow focus; capabilities worth training on',
    ({ accumulator: a }) => topShareOf(a.categories),
  ),
  feature(
    'non_latin_share',
    'share',
    'prompts whose dominant script is neither Latin nor source code / prompts fingerprinted',
    'much non-English',
    ofPrompts((a) => a.scripts.values.reduce((sum, { value, count }) => sum + (isNonLatin(value) ? count : 0), 0)),
  ),
  feature(
    'script_entropy',
    'bits',
    'entropy of prompts over dominant scripts',
    'language entropy',
    ({ accumulator: a }) => entropyOf(a.scripts),
  ),
  feature(
    'marked_script_entropy',
    'bits',
    'entropy of product-marked prompts over dominant scripts',
    'translated near-duplicates: the same request for training data in many languages',
    ({ accumulator: a }) => entropyOf(a.marked_scripts),
  ),
];

function ofPrompts(count: (accumulator: Accumulator) => number): Formula {
  return ({ accumulator }) => share(count(accumulator), accumulator.fingerprinted);
}
