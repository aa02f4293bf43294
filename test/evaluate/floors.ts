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
  /** Share of the campaign's exchanges that came after the first page on it. */
  stopped: number;
}

/** By experiment and run. */
export const FLOORS: Readonly<Record<string, Floor>> = {
  'campaigns, reported_alibaba': { recall: 0.99, precision: 0.99, recallAny: 0.99, bCubedF1: 0.98, stopped: 0.99 },
  'campaigns, reported_minimax': { recall: 0.99, precision: 0.99, recallAny: 0.99, bCubedF1: 0.98, stopped: 0.98 },
  'campaigns, reported_moonshot': { recall: 0.98, precision: 0.99, recallAny: 0.98, bCubedF1: 0.98, stopped: 0.97 },
  'campaigns, reported_deepseek': { recall: 0.96, precision: 0.99, recallAny: 0.96, bCubedF1: 0.96, stopped: 0.98 },
  'campaigns, reported_proxy_network': {
    recall: 0.98,
    precision: 0.99,
    recallAny: 0.98,
    bCubedF1: 0.98,
    stopped: 0.98,
  },
  'reseller, 15 % harvest': { recall: 0.94, precision: 0.99, recallAny: 0.99, bCubedF1: 0.98, stopped: 0.8 },
  'camouflage, reported_alibaba': { recall: 0.95, precision: 0.99, recallAny: 0.98, bCubedF1: 0.98, stopped: 0.97 },
  'no-identifiers, reported_alibaba': { recall: 0.98, precision: 0.99, recallAny: 0.98, bCubedF1: 0.98, stopped: 0.97 },
  'inputs, reported_alibaba fingerprint': {
    recall: 0.99,
    precision: 0.99,
    recallAny: 0.99,
    bCubedF1: 0.98,
    stopped: 0.99,
  },
  // Without text the pool is seen, and not what it asks for.
  'inputs, reported_alibaba neither': { recall: 0, precision: 0.99, recallAny: 0.98, bCubedF1: 0.98, stopped: 0 },
};
