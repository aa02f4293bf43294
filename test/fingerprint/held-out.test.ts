import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MARKER_BITS, markerNames } from '../../services/fingerprint/markers/all.ts';
import { type Prompt, readAll } from './prompts/read.ts';
import { fingerprint } from './support.ts';

/**
 * Floors just under what was measured on prompts/examined: by two writers whom the markers do not know, and by a third who wrote half of fitted/third-draw.tsv. None of
 * these prompts was looked at when the markers were changed; they are only ever counted.
 */
const RECALL_FLOORS: Readonly<Record<keyof typeof MARKER_BITS, number>> = {
  chain_of_thought: 0.7,
  rubric_grading: 0.6,
  policy_rewrite: 0.7,
  instruction_generation: 0.7,
};
const ORDINARY_CEILING = 0.01;

const examined = readAll('examined');
const markersOf = ({ text }: Prompt): string[] => markerNames(fingerprint(text).markers);

for (const [name, floor] of Object.entries(RECALL_FLOORS))
  test(`${name} is seen in ${floor * 100} % of the prompts of writers that the markers do not know`, () => {
    const asking = examined.filter(({ marker }) => marker === name);
    const seen = asking.filter((prompt) => markersOf(prompt).includes(name)).length;
    assert.ok(seen >= floor * asking.length, `${seen} of ${asking.length}`);
  });

test('of the ordinary prompts of such writers, half of which resemble the others, one in a hundred is marked', () => {
  const ordinary = examined.filter(({ marker }) => marker === null);
  // Counted and not shown: else they would have been looked at.
  const marked = ordinary.filter((prompt) => markersOf(prompt).length > 0).length;
  assert.ok(marked <= ORDINARY_CEILING * ordinary.length, `${marked} of ${ordinary.length}`);
});
