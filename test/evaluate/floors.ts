/**
 * What the quick form must at least show, just under what was measured with the test seed. Raise a floor with every gain; a floor that has to be lowered says that
 * something got worse. Of false alarms there is no floor: none of the innocent may ever page.
 */
export interface Floor {
  /** Account recall at page severity. */
  recall: number;
  /** Among the accounts paged; only where any was. */
  precision: number;
  /** Account recall at any severity: the linking's part. */
  recallAny: number;
  bCubedF1: number;
}

/** By experiment and run. */
export const FLOORS: Readonly<Record<string, Floor>> = {
  'campaigns, reported_alibaba': { recall: 0, precision: 0.99, recallAny: 0.94, bCubedF1: 0.94 },
  'campaigns, reported_minimax': { recall: 0, precision: 0.99, recallAny: 0.88, bCubedF1: 0.88 },
  'campaigns, reported_moonshot': { recall: 0, precision: 0.99, recallAny: 0.88, bCubedF1: 0.88 },
  'campaigns, reported_deepseek': { recall: 0, precision: 0.99, recallAny: 0.84, bCubedF1: 0.84 },
  'campaigns, reported_proxy_network': { recall: 0, precision: 0.99, recallAny: 0.9, bCubedF1: 0.9 },
  'reseller, 15 % harvest': { recall: 0, precision: 0.99, recallAny: 0, bCubedF1: 0 },
  'camouflage, reported_alibaba': { recall: 0, precision: 0.99, recallAny: 0.9, bCubedF1: 0.9 },
  'no-identifiers, reported_alibaba': { recall: 0, precision: 0.99, recallAny: 0, bCubedF1: 0 },
  'inputs, reported_alibaba text': { recall: 0, precision: 0.99, recallAny: 0.94, bCubedF1: 0.94 },
  'inputs, reported_alibaba fingerprint': { recall: 0, precision: 0.99, recallAny: 0.94, bCubedF1: 0.94 },
  'inputs, reported_alibaba neither': { recall: 0, precision: 0.99, recallAny: 0.5, bCubedF1: 0.5 },
};
