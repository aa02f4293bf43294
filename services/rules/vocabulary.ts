import { BASELINE_FEATURES } from '../clusters/baseline/votes.ts';
import { SIGNATURES } from '../clusters/signatures/all.ts';
import type { DeclaredSignature } from './thresholds.ts';

/** The names that a rule file may use. */
export interface Vocabulary {
  signatures: readonly DeclaredSignature[];
  /** Features with a baseline: those of which a percentile can be had. */
  placedFeatures: ReadonlySet<string>;
}

/** What this build of stillwatch knows, as the signatures declare it. */
export const VOCABULARY: Vocabulary = { signatures: SIGNATURES, placedFeatures: new Set(BASELINE_FEATURES) };
