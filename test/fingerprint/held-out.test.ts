import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKERS, markerNames } from '../../services/fingerprint/markers/all.ts';
import { readDraw, readSamples, type Sample } from './held-out/read.ts';
import { fingerprint } from './support.ts';

/**
 * Floors just under what was measured on prompts in held-out/, whose headers say how they came about. What the markers were made with shows that nothing is
 * lost. What a wording that nobody has thought of has to expect is said by the half of the third draw that was never looked at: less than half of it is met.
 */
const RECALL_FLOORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  chain_of_thought: { en: 0.9, zh: 0.9, other: 0.9 },
  rubric_grading: { en: 0.9, zh: 0.9, other: 0.9 },
  policy_rewrite: { en: 0.9, zh: 0.9, other: 0.9 },
  instruction_generation: { en: 0.9, zh: 0.85, other: 0.65 },
};
const BENIGN_CEILING = 0.01;
const SECOND_DRAW_FLOOR = 0.75;
const UNSEEN_FLOOR = 0.42;
const UNSEEN_BENIGN_CEILING = 0.02;

const markersOf = ({ text }: Sample): string[] => markerNames(fingerprint(text).markers);
const groupOf = ({ language }: Sample): string => (language === 'en' || language === 'zh' ? language : 'other');
const isAsked = ({ marker }: Sample): boolean => marker !== null;

/** Share of those that ask for something in which it is seen. */
function recall(samples: readonly Sample[]): number {
  const asked = samples.filter(isAsked);
  return asked.filter((sample) => markersOf(sample).includes(sample.marker ?? '')).length / asked.length;
}

/** Ordinary requests in which something is seen, with what. */
function wronglyMarked(samples: readonly Sample[]): string[][] {
  return samples
    .filter((sample) => !isAsked(sample))
    .map((sample) => [sample.text, ...markersOf(sample)])
    .filter(([, ...names]) => names.length > 0);
}

for (const { name } of MARKERS) {
  const samples = readSamples(name);
  for (const [group, floor] of Object.entries(RECALL_FLOORS[name] ?? {}))
    test(`${name} is seen in ${floor * 100} % of the prompts in ${group}`, () => {
      const measured = recall(samples.filter((sample) => groupOf(sample) === group));
      assert.ok(measured >= floor, `${measured}`);
    });
}

test('requests of ordinary users that resemble them carry no marker, but for one in a hundred', () => {
  const ordinary = [...readSamples(null), ...readDraw('second')].filter((sample) => !isAsked(sample));
  const wrong = wronglyMarked(ordinary);
  assert.ok(wrong.length <= BENIGN_CEILING * ordinary.length, JSON.stringify(wrong));
});

test('oblique wording is met in most cases, once it was seen', () => {
  const measured = recall(readDraw('second'));
  assert.ok(measured >= SECOND_DRAW_FLOOR, `${measured}`);
});

test('of wordings that nobody has looked at two in five are met, and of ordinary requests one in fifty is marked', () => {
  const unseen = readDraw('third').filter((_, i) => i % 2 === 1);
  const measured = recall(unseen);
  assert.ok(measured >= UNSEEN_FLOOR, `${measured}`);
  const ordinary = unseen.filter((sample) => !isAsked(sample));
  // Counted and not shown: else they would have been looked at.
  const wrong = wronglyMarked(ordinary).length;
  assert.ok(wrong <= UNSEEN_BENIGN_CEILING * ordinary.length, `${wrong} of ${ordinary.length}`);
});
