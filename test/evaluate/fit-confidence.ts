import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseRules } from '../../services/clusters/rules.ts';
import { EVIDENCE_TERMS } from '../../services/clusters/score/confidence.ts';
import { SIGNATURE_NAMES } from '../../services/clusters/signatures/all.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
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
const RIDGE = 0.002;
const ITERATIONS = 3_000;

const { values } = parseArgs({
  options: { tuning: { type: 'string', default: '84' }, checking: { type: 'string', default: '42' } },
});
const file = new URL('../../infra/rules/stillwatch.yaml', import.meta.url);
const parsed = parseRules(readFileSync(file, 'utf8'), SIGNATURE_NAMES);
if (!parsed.ok) throw new Error(`${file.pathname}: ${parsed.problems.map(({ message }) => message).join('; ')}`);
const { rules } = parsed;
const hasher = await createHasher('fit-confidence');

const tuning = labelledWindows(tuningWorlds(Number(values.tuning), TUNING_SEED), rules, hasher);
const model = fitLogistic(tuning, { ridge: RIDGE, iterations: ITERATIONS });
print('weights');
print(`  intercept: ${model.intercept.toFixed(2)}`);
for (const [place, term] of EVIDENCE_TERMS.entries()) print(`  ${term}: ${(model.weights[place] ?? 0).toFixed(2)}`);

const checking = labelledWindows(tuningWorlds(Number(values.checking), CHECKING_SEED), rules, hasher);
print(
  '\nreliability on the checking seeds: confidence, windows (one vote an actor), mean confidence, share that is a campaign',
);
for (const line of reliability(checking, model)) print(`  ${line}`);
print('\nconfidence on the checking seeds, by what it is: windows, median, 95 %, most; share of windows >= page_from');
for (const line of byName(checking, model, rules.alerts.page_from)) print(`  ${line}`);

function reliability(windows: readonly LabelledWindow[], fitted: LogisticModel): string[] {
  const edges = [0, 0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 1];
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
