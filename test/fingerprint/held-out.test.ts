import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKERS, markerNames } from '../../services/fingerprint/markers/all.ts';
import { readSamples, readSecondDraw, type Sample } from './held-out/read.ts';
import { fingerprint } from './support.ts';

/**
 * Floors just under what was measured on prompts in held-out/, whose headers say how they came about. The halves that were not looked at agree with the others
 * within a few points; they were written by the same hand, so an operator's wording will be met less often: the second draw, written to be oblique, was
 * met in 23 % before the markers were widened by it, and its figure since is no measurement.
 */
const RECALL_FLOORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  chain_of_thought: { en: 0.9, zh: 0.9, other: 0.9 },
  rubric_grading: { en: 0.9, zh: 0.9, other: 0.9 },
  policy_rewrite: { en: 0.9, zh: 0.9, other: 0.9 },
  instruction_generation: { en: 0.9, zh: 0.85, other: 0.65 },
};
/** Of the halves that were never looked at. */
const UNSEEN_FLOOR = { en: 0.85, zh: 0.8 };
const BENIGN_CEILING = 0.01;
const SECOND_DRAW_FLOOR = 0.75;

const groupOf = ({ language }: Sample): string => (language === 'en' || language === 'zh' ? language : 'other');

function recall(samples: readonly Sample[], bit: number): number {
  return samples.filter(({ text }) => fingerprint(text).markers & bit).length / samples.length;
}

for (const { name, bit } of MARKERS) {
  const samples = readSamples(name.replaceAll('_', '-'));
  for (const [group, floor] of Object.entries(RECALL_FLOORS[name] ?? {}))
    test(`${name} is seen in ${floor * 100} % of the prompts in ${group}`, () => {
      const measured = recall(
        samples.filter((sample) => groupOf(sample) === group),
        bit,
      );
      assert.ok(measured >= floor, `${measured}`);
    });
  for (const [group, floor] of Object.entries(UNSEEN_FLOOR))
    test(`${name} is seen in ${floor * 100} % of the prompts in ${group} that were not looked at`, () => {
      const measured = recall(
        samples.filter((sample) => sample.heldOut && groupOf(sample) === group),
        bit,
      );
      assert.ok(measured >= floor, `${measured}`);
    });
}

test('requests of ordinary users that resemble them carry no marker, but for one in a hundred', () => {
  const marked = [...readSamples('benign'), ...readSecondDraw().filter(({ marker }) => marker === '-')].map(
    ({ text }) => [text, ...markerNames(fingerprint(text).markers)],
  );
  const wrong = marked.filter(([, ...names]) => names.length > 0);
  assert.ok(wrong.length <= BENIGN_CEILING * marked.length, JSON.stringify(wrong));
});

test('oblique wording is met in most cases', () => {
  const asked = readSecondDraw().filter(({ marker }) => marker !== '-');
  const met = asked.filter(({ marker, text }) => markerNames(fingerprint(text).markers).includes(marker));
  assert.ok(met.length >= SECOND_DRAW_FLOOR * asked.length, `${met.length} of ${asked.length}`);
});
