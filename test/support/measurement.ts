import type { Measurement } from '../evaluate/measurement.ts';

/** Ten accounts of a campaign, eight of them in a page, and a university accused. */
export function measurement(changes: Partial<Measurement>): Measurement {
  return {
    experiment: 'campaigns',
    label: 'slow & <wide>',
    seed: 1,
    days: 2,
    calls: 1_000,
    accounts: 100,
    campaignAccounts: 10,
    page: { precision: 1, recall: 0.8, falsePositiveRate: 0 },
    any: { precision: 0.9, recall: 0.9, falsePositiveRate: 0.01 },
    bCubed: { precision: 1, recall: 0.9, f1: 0.947 },
    leaked: { calls: 50, share: 0.05, paged: true },
    firstPageMinutes: 90,
    accountMinutes: { p50: 60, p95: 600 },
    innocents: { university: { accounts: 90, calls: 500, pages: 1, tickets: 0, paged: 9, flagged: 9 } },
    reliability: [
      { windows: 8, confidence: 0.4, true: 0, squared: 0.02 },
      { windows: 2, confidence: 1.8, true: 1, squared: 0.82 },
    ],
    late: 0,
    duplicate: 0,
    rejected: 0,
    wallSeconds: 1,
    cpuSeconds: 1,
    peakMemoryMb: 100,
    ...changes,
  };
}
