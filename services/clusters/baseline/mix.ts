import type { Accumulator, Bin } from '../../records/accumulator.ts';
import type { CohortMix } from '../../records/subject-window.ts';
import type { Voter } from './electorate.ts';
import { thousandths } from './thousandths.ts';

const OUTPUT = 32;
const TOOLS = 64;

/** What a subject's calls are, as labels that are there without text too: length bands of input and output, tools or none. */
export function labelsOf({ calls, with_tools, input_bands, output_bands }: Accumulator): Bin[] {
  const labels = [
    ...input_bands,
    ...output_bands.map(({ bin, count }) => ({ bin: OUTPUT + bin, count })),
    { bin: TOOLS, count: calls - with_tools },
    { bin: TOOLS + 1, count: with_tools },
  ];
  return labels.filter(({ count }) => count > 0);
}

/** The mixes of accounts by cohort: one account, one vote, however many calls it made. */
export function mixVotes(voters: readonly Voter[]): CohortMix[] {
  const cohorts = new Map<string, { accounts: number; squares: number; weights: Map<number, number> }>();
  for (const { window, cohort: name } of voters) {
    const { accumulator } = window;
    const cohort = cohorts.get(name) ?? { accounts: 0, squares: 0, weights: new Map<number, number>() };
    cohorts.set(name, cohort);
    cohort.accounts++;
    const labels = labelsOf(accumulator);
    const weights = thousandths(labels.map(({ count }) => count));
    for (const [i, { bin }] of labels.entries()) {
      const weight = weights[i] ?? 0;
      cohort.weights.set(bin, (cohort.weights.get(bin) ?? 0) + weight);
      cohort.squares += weight * weight;
    }
  }
  return [...cohorts].map(([cohort, { accounts, squares, weights }]) => ({
    cohort,
    accounts,
    squares,
    weights: [...weights].map(([bin, count]) => ({ bin, count })).sort((a, b) => a.bin - b.bin),
  }));
}

export interface MixTest {
  /** Jensen-Shannon divergence of the subject's mix from the cohort's mean one: 0 the same, 1 nothing in common. Bits. */
  divergence: number;
  /** 0..1: how sure it is that as many accounts drawn from the cohort would be nearer to its mean. */
  significance: number;
}

/**
 * Two-sample test with a delta kernel (an MMD over labels; arXiv 2606.05725 tests windows of prompts in the same way). The mean mix of n accounts of the
 * cohort is V / n away from the cohort's mean, squared and on average, where V is how far single accounts are: whatever labels are alike inside an account is
 * in V, which a test over calls would take for evidence. Markov's inequality makes a chance of it that holds for any distribution.
 */
export function testMix(labels: readonly Bin[], accounts: number, cohort: CohortMix): MixTest {
  const own = new Map<number, number>();
  let calls = 0;
  for (const { bin, count } of labels) {
    own.set(bin, (own.get(bin) ?? 0) + count);
    calls += count;
  }
  const usual = new Map(cohort.weights.map(({ bin, count }) => [bin, count]));
  let total = 0;
  for (const { count } of cohort.weights) total += count;
  if (calls === 0 || total === 0) return { divergence: 0, significance: 0 };
  let divergence = 0;
  let distance = 0;
  let meanSquare = 0;
  for (const bin of [...new Set([...own.keys(), ...usual.keys()])].sort((a, b) => a - b)) {
    const p = (own.get(bin) ?? 0) / calls;
    const q = (usual.get(bin) ?? 0) / total;
    const middle = (p + q) / 2;
    if (p > 0) divergence += (p / 2) * Math.log2(p / middle);
    if (q > 0) divergence += (q / 2) * Math.log2(q / middle);
    distance += (p - q) ** 2;
    meanSquare += q ** 2;
  }
  const spread = Math.max(0, cohort.squares / (1_000_000 * cohort.accounts) - meanSquare);
  const expected = spread / Math.max(1, accounts) + spread / cohort.accounts;
  return { divergence: Math.max(0, divergence), significance: distance <= expected ? 0 : 1 - expected / distance };
}
