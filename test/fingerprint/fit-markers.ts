import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MARKER_BITS } from '../../services/fingerprint/markers/all.ts';
import { type FeaturedPrompt, type Fitted, fitMarkers, scoresOf } from './fitting/features.ts';
import { createPromptWindows, type PromptWindows } from './fitting/windows.ts';
import { readAll } from './prompts/read.ts';

/**
 * Fits the markers to the prompts of prompts/fitted and writes services/fingerprint/markers/weights.tsv:
 *   node_modules/.bin/node test/fingerprint/fit-markers.ts --write
 * The threshold comes from prompts of writers that were left out, each in turn. Prompts of prompts/examined are never used here: held-out.test.ts counts with them.
 */
const { write } = parseArgs({ options: { write: { type: 'boolean', default: false } } }).values;
/** Of ordinary prompts, by a writer that the models do not know. */
const BENIGN_MARKED = 0.02;
const OUTPUT = new URL('../../services/fingerprint/markers/weights.tsv', import.meta.url);

interface Scored {
  prompt: FeaturedPrompt;
  scores: number[];
}

const windows = createPromptWindows();
const prompts = readAll('fitted').map((prompt): FeaturedPrompt => ({ ...prompt, windows: windows.of(prompt.text) }));
const writers = [...new Set(prompts.map(({ writer }) => writer))];
const unseen = writers.flatMap((left): Scored[] => {
  const fitted = fitMarkers(prompts.filter(({ writer }) => writer !== left));
  return prompts
    .filter(({ writer }) => writer === left)
    .map((prompt) => ({ prompt, scores: scoresOf(fitted, prompt) }));
});
const threshold = thresholdFor(BENIGN_MARKED);
for (const writer of writers)
  console.log(
    line(
      writer,
      unseen.filter(({ prompt }) => prompt.writer === writer),
    ),
  );
console.log(line('all', unseen));
const fitted = fitMarkers(prompts);
console.log(`${prompts.length} prompts, ${fitted.numbers.size} features, threshold ${threshold.toFixed(2)}`);
if (write) writeFileSync(OUTPUT, table(fitted, threshold, windows));

function thresholdFor(share: number): number {
  const ordinary = unseen.filter(({ prompt }) => prompt.marker === null).map(({ scores }) => Math.max(...scores));
  return ordinary.sort((a, b) => b - a)[Math.floor(share * ordinary.length)] ?? 0;
}

function line(name: string, part: readonly Scored[]): string {
  const marked = (scored: readonly Scored[], is: (one: Scored) => boolean): string =>
    `${scored.filter(is).length}/${scored.length}`;
  const any = ({ scores }: Scored): boolean => Math.max(...scores) > threshold;
  const found = Object.keys(MARKER_BITS).map((marker, i) => {
    const asking = part.filter(({ prompt }) => prompt.marker === marker);
    return `${marker} ${marked(asking, ({ scores }) => (scores[i] ?? 0) > threshold)}`;
  });
  const ordinary = part.filter(({ prompt }) => prompt.marker === null);
  return `${name.padEnd(14)} ${found.join('  ')}  ordinary ${marked(ordinary, any)}`;
}

/** In the order of their names, so that a new fit can be compared with the last. */
function table({ numbers, models }: Fitted, least: number, { nameOf }: PromptWindows): string {
  const rows = [...numbers].flatMap(([feature, number]) => {
    const name = nameOf(feature);
    return name === null ? [] : [[name, ...models.map(({ weights }) => (weights[number] ?? 0).toFixed(2))]];
  });
  return [
    '# What words say of what a prompt asks for, written by test/fingerprint/fit-markers.ts: each with its weight for each marker.',
    '# A feature is a word, the beginning of one (stem-), two in a row, or the name of an output field ({field).',
    ['feature', ...Object.keys(MARKER_BITS)].join('\t'),
    ['(bias)', ...models.map(({ bias }) => (bias - least).toFixed(3))].join('\t'),
    ...rows.map((row) => row.join('\t')).sort(),
    '',
  ].join('\n');
}
