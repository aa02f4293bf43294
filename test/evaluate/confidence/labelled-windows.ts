import { EVIDENCE_TERMS, evidence, facetScores } from '../../../services/clusters/score/confidence.ts';
import { SIGNATURES } from '../../../services/clusters/signatures/all.ts';
import type { Facet } from '../../../services/clusters/signatures/signature.ts';
import type { Hasher } from '../../../services/fingerprint/hasher.ts';
import type { Rules } from '../../../services/rules/schema.ts';
import type { Observation } from './logistic.ts';
import { scoreTruthLinked, type Truth } from './truth-linked.ts';
import type { TuningWorld } from './tuning-worlds.ts';

/** One scored hour of one subject, with what it really is. */
export interface LabelledWindow extends Observation {
  truth: Truth;
  seed: number;
  text: 'full' | 'none';
  /** Of the world's campaign. */
  camouflage: number;
  verdict: string;
}

const CHANCE_CLUSTER = 30;
const ROLLING_HOURS = 24;
const FACET_OF: ReadonlyMap<string, Facet> = new Map(SIGNATURES.map(({ name, facet }) => [name, facet]));

/** The windows of which the live system would say something, one vote an actor however many windows it has. */
export function labelledWindows(worlds: readonly TuningWorld[], rules: Rules, hasher: Hasher): LabelledWindow[] {
  return worlds.flatMap(({ scenario, seed, markerRecall, camouflage }) => {
    const bySubject = new Map<string, LabelledWindow[]>();
    const recent = new Map<string, number[]>();
    scoreTruthLinked({
      scenario,
      seed,
      rules,
      hasher,
      markerRecall,
      chanceClusterSize: CHANCE_CLUSTER,
      window(window, truth) {
        if (window.window_size !== 'hour' || window.subject_type !== 'cluster') return;
        const calls = [...(recent.get(window.subject_id) ?? []), window.accumulator.calls].slice(-ROLLING_HOURS);
        recent.set(window.subject_id, calls);
        if (calls.reduce((sum, count) => sum + count, 0) < rules.alerts.least_calls) return;
        const facets = facetScores(
          window.signatures.flatMap(({ name, score }) => {
            const facet = FACET_OF.get(name);
            return facet === undefined ? [] : [{ facet, score }];
          }),
        );
        const terms = evidence(facets);
        const windows = bySubject.get(window.subject_id) ?? [];
        bySubject.set(window.subject_id, windows);
        windows.push({
          x: EVIDENCE_TERMS.map((term) => terms[term]),
          positive: truth.kind === 'campaign',
          weight: 1,
          truth,
          seed,
          text: scenario.text,
          camouflage,
          verdict: window.verdict,
        });
      },
    });
    return [...bySubject.values()].flatMap((windows) =>
      windows.map((window) => ({ ...window, weight: 1 / windows.length })),
    );
  });
}
