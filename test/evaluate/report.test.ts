import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Measurement } from './measurement.ts';
import { htmlReport } from './report/html.ts';
import { calibrate, summarise } from './report/summary.ts';
import { terminalReport } from './report/terminal.ts';

function measurement(changes: Partial<Measurement>): Measurement {
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

const titles = new Map([['campaigns', 'The campaigns']]);
const made = { seeds: { set: 'test', used: [1, 2] }, quick: true, scale: 1, node: 'v24' };

describe('the report', () => {
  const report = summarise([
    measurement({}),
    measurement({
      seed: 2,
      page: { precision: null, recall: 0.4, falsePositiveRate: 0 },
      leaked: { calls: 500, share: 1, paged: false },
    }),
  ]);

  it('has the mean and the worst of the seeds, and says where nothing was paged', () => {
    const [row] = report.detection;
    assert.ok(row !== undefined);
    assert.ok(Math.abs((row.recall ?? 0) - 0.6) < 1e-12);
    assert.equal(row.worstRecall, 0.4);
    assert.equal(row.precision, 1);
    assert.equal(row.missed, 1);
  });

  it('adds up false alarms over the seeds', () => {
    const [row] = report.falseAlarms;
    assert.equal(row?.pages, 2);
    assert.equal(row?.pagesADay, 0.5);
    assert.equal(row?.falsePositiveRate, 0.1);
  });

  it('weighs the calibration error by windows', () => {
    const { brier, ece, windows } = calibrate([measurement({})]);
    assert.equal(windows, 10);
    assert.ok(Math.abs(brier - 0.084) < 1e-12);
    assert.ok(Math.abs(ece - (0.4 + 0.8) / 10) < 1e-12);
  });

  it('prints false alarms before anything else', () => {
    const text = terminalReport(report, titles);
    assert.ok(text.startsWith('False alarms'));
    assert.match(text, /university +180 +4 +2 +0\.50/);
    assert.match(text, /never in 1/);
  });

  it('is a page that loads nothing and takes no label for markup', () => {
    const page = htmlReport(report, titles, made);
    assert.doesNotMatch(page, /<script|https?:|url\(|src=/);
    assert.match(page, /slow &amp; &lt;wide&gt;/);
    assert.match(page, /<svg[^>]*aria-label="Reliability diagram"/);
  });
});
