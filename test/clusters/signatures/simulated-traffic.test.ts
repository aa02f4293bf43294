import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHasher } from '../../../services/fingerprint/hasher.ts';
import { createScenario } from '../../../services/simulate/scenarios.ts';
import { scoreTruthLinked } from '../../evaluate/confidence/truth-linked.ts';
import { shippedRules } from './support.ts';

/** Medians over the hours of each kind of subject, linked as what it is. */
async function scored(): Promise<Map<string, { verdicts: Set<string>; scores: Map<string, number> }>> {
  const seen = new Map<string, { verdicts: Set<string>; scores: Map<string, number[]> }>();
  scoreTruthLinked({
    scenario: createScenario('small'),
    seed: 61_001,
    rules: shippedRules(),
    hasher: createHasher('simulated-traffic'),
    chanceClusterSize: 30,
    markerRecall: 1,
    window({ window_size, verdict, signatures }, truth) {
      if (window_size !== 'hour') return;
      const entry = seen.get(truth.name) ?? { verdicts: new Set<string>(), scores: new Map<string, number[]>() };
      seen.set(truth.name, entry);
      entry.verdicts.add(verdict);
      for (const { name, score } of signatures) entry.scores.set(name, [...(entry.scores.get(name) ?? []), score]);
    },
  });
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return new Map(
    [...seen].map(([name, { verdicts, scores }]) => [
      name,
      { verdicts, scores: new Map([...scores].map(([signature, values]) => [signature, median(values)])) },
    ]),
  );
}

test('on simulated traffic a campaign shows its queue and its product, and what is linked with good reason does not', async () => {
  const subjects = await scored();
  const of = (subject: string, signature: string): number => subjects.get(subject)?.scores.get(signature) ?? 0;
  assert.ok(of('campaign', 'template-enumeration') >= 0.7);
  assert.ok(of('campaign', 'training-data-queue') >= 0.7);
  for (const honest of ['corporate_nat', 'reseller_pool', 'classroom', 'customers']) {
    const found = subjects.get(honest);
    assert.ok(found !== undefined, honest);
    assert.ok(of(honest, 'training-data-queue') <= 0.1, honest);
    assert.ok(of(honest, 'chain-of-thought-elicitation') <= 0.1, honest);
    assert.ok(!found.verdicts.has('harvesting'), honest);
  }
  assert.ok(of('reseller_pool', 'unified-clients') >= 0.9, 'a reseller looks like a pool');
  assert.ok(of('reseller_pool', 'template-enumeration') <= 0.3, 'and does not work a queue off');
});
