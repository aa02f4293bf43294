import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measurement } from '../support/measurement.ts';
import { htmlReport } from './report/html.ts';
import { calibrate, summarise } from './report/summary.ts';
import { terminalReport } from './report/terminal.ts';

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
