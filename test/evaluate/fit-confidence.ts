import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EVIDENCE_TERMS, type EvidenceTerm } from '../../services/clusters/score/confidence.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { parseRules } from '../../services/rules/parse.ts';
import { VOCABULARY } from '../../services/rules/vocabulary.ts';
import { type LabelledWindow, labelledWindows } from './confidence/labelled-windows.ts';
import { fitLogistic, type LogisticModel, predict } from './confidence/logistic.ts';
import { tuningWorlds } from './confidence/tuning-worlds.ts';

/**
 * Fits the `confidence` section of infra/rules/stillwatch.yaml and shows how far to trust it:
 *   node_modules/.bin/node test/evaluate/fit-confidence.ts
 * The thresholds in force are those of the file. Tuning and checking seeds are disjoint, and neither is a seed of the evaluation.
 */
const TUNING_SEED = 41_000;
const CHECKING_SEED = 47_000;
const ITERATIONS = 3_000;
/** Holds the weights to the prior where the worlds say little: they contain only the mechanisms that somebody thought of. */
const RIDGE = 0.006;
/** A facet alone is a hint (log-odds 1 to 2), an agreement is what convinces. */
const PRIOR: Readonly<Record<EvidenceTerm, number>> = {
  structure: 1.5,
  enumeration: 1.5,
  product: 2,
  capability: 1,
  access: 1,
  novelty: 1,
  harvest: 4,
  sweep: 4,
};
/** A hard negative counts as two actors: a false accusation costs more than an hour's delay. */
const HARD_NEGATIVE_VOTES = 2;
/** A pool that mostly resells looks like one: its harvesters are looked for as a sub-population, not in the whole. */
const MOST_CAMOUFLAGE = 0.6;
/** A company that declares its accounts is never linked (services/links), so its labelling is none of what a cluster can be. */
const NEVER_LINKED: ReadonlySet<string> = new Set(['batch_labelling']);

const { values } = parseArgs({
  options: { tuning: { type: 'string', default: '28' }, checking: { type: 'string', default: '24' } },
});
const file = new URL('../../infra/rules/stillwatch.yaml', import.meta.url);
const parsed = parseRules(readFileSync(file, 'utf8'), VOCABULARY);
if (!parsed.ok) throw new Error(`${file.pathname}: ${parsed.problems.map(({ message }) => message).join('; ')}`);
const { rules } = parsed;
const hasher = createHasher('fit-confidence');

const tuning = labelledWindows(tuningWorlds(Number(values.tuning), TUNING_SEED), rules, hasher);
const model = fitLogistic(
  tuning.filter(isAsked).map((window) => ({
    ...window,
    weight: window.weight * (window.truth.kind === 'hard_negative' ? HARD_NEGATIVE_VOTES : 1),
  })),
  { prior: EVIDENCE_TERMS.map((term) => PRIOR[term]), ridge: RIDGE, iterations: ITERATIONS },
);
print('weights');
print(`  intercept: ${model.intercept.toFixed(2)}`);
for (const [place, term] of EVIDENCE_TERMS.entries()) print(`  ${term}: ${(model.weights[place] ?? 0).toFixed(2)}`);

const checking = labelledWindows(tuningWorlds(Number(values.checking), CHECKING_SEED), rules, hasher);
print(
  '\nreliability on the checking seeds: confidence, windows (one vote an actor), mean confidence, share that is a campaign',
);
for (const line of reliability(checking.filter(isAsked), model)) print(`  ${line}`);
print(
  '\nconfidence, by what it is: windows, median, 95 %, most; share of windows >= page_from, before the guards of the verdict',
);
for (const [seeds, windows] of [
  ['tuning', tuning],
  ['checking', checking],
] as const) {
  print(`  ${seeds} seeds`);
  for (const line of byName(windows.filter(isAsked), model, rules.alerts.page_from)) print(`    ${line}`);
}

function isAsked({ truth, camouflage }: LabelledWindow): boolean {
  return !NEVER_LINKED.has(truth.name) && !(truth.kind === 'campaign' && camouflage > MOST_CAMOUFLAGE);
}

function reliability(windows: readonly LabelledWindow[], fitted: LogisticModel): string[] {
  const edges = [0, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 1];
  return edges.slice(1).flatMap((to, place) => {
    const from = edges[place] ?? 0;
    const inside = windows.filter(({ x }) => {
      const confidence = predict(fitted, x);
      return confidence >= from && (confidence < to || to === 1);
    });
    const votes = sum(inside.map(({ weight }) => weight));
    if (votes === 0) return [];
    const mean = sum(inside.map(({ x, weight }) => weight * predict(fitted, x))) / votes;
    const campaigns = sum(inside.map(({ positive, weight }) => (positive ? weight : 0))) / votes;
    return [`${from}..${to}  ${votes.toFixed(1)}  ${mean.toFixed(2)}  ${campaigns.toFixed(2)}`];
  });
}

function byName(windows: readonly LabelledWindow[], fitted: LogisticModel, pageFrom: number): string[] {
  const groups = new Map<string, LabelledWindow[]>();
  for (const window of windows) {
    const key = `${window.truth.kind} ${window.truth.name} text=${window.text}`;
    groups.set(key, [...(groups.get(key) ?? []), window]);
  }
  return [...groups].sort().map(([key, group]) => {
    const sorted = group.map(({ x }) => predict(fitted, x)).sort((a, b) => a - b);
    const at = (share: number): string =>
      (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(3);
    const paged = sorted.filter((confidence) => confidence >= pageFrom).length / sorted.length;
    return `${key.padEnd(48)} ${String(group.length).padStart(5)}  ${at(0.5)}  ${at(0.95)}  ${at(1)}  ${paged.toFixed(3)}`;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
