import { z } from 'zod';
import { MARKS } from '../../feedback/marks.ts';
import { type AlertSignature, BASELINE_PERCENTILES } from '../../records/alert.ts';

export const status = z.enum(['open', 'resolved']);
export const severity = z.enum(['page', 'ticket', 'info']);
export const verdict = z.enum(['harvesting', 'coordinated_pool']);
export const time = z.int().describe('Milliseconds since the epoch.');
export const count = z.int().min(0);
/** A feature as the tables of windows have it: a float, of whatever it counts. */
export const amount = z.number();
export const next = z.string().nullable().describe('The `before` of the following page; null on the last.');
export const share = z.number().describe('0 to 1.');

export const linkEvidence = z.object({
  kind: z.string(),
  attribute: z.string().describe('Masked.'),
  accounts: count.describe('Accounts of the cluster that share it.'),
  weight: share,
});

export const signature = z.object({
  name: z.string(),
  version: z.int(),
  score: share,
  features: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      unit: z.string(),
      baseline_percentile: z
        .number()
        .nullable()
        .describe("0 to 100, among the cohort's accounts; null without a baseline."),
      threshold: z.number().describe('From where it counts.'),
      threshold_full: z
        .number()
        .nullable()
        .default(null)
        .describe('Where it counts fully; null on alerts of an earlier version.'),
      baseline_quantiles: z
        .array(z.number())
        .default([])
        .describe(
          `What ${BASELINE_PERCENTILES.join(', ')} % of the cohort's accounts do not exceed; empty without a baseline, and on alerts of an earlier version.`,
        ),
      contribution: share.describe("Share of the signature's score."),
    }),
  ),
}) satisfies z.ZodType<AlertSignature>;
/** As the table has them, those of earlier versions too. */
export const storedSignatures = z.array(signature);

export const alertRow = z.object({
  alert_id: z.string(),
  revision: z.int(),
  status,
  verdict,
  severity,
  subject_type: z.enum(['account', 'cluster']),
  subject_id: z.string(),
  account_count: count,
  exchange_count: count,
  confidence: share,
  summary: z.string(),
  opened_at_ms: time,
  updated_at_ms: time,
  first_seen_ms: time,
  last_seen_ms: time,
  is_acknowledged: z.boolean(),
  acknowledged_by: z.string(),
  acknowledged_at_ms: time,
  assignee: z.string().describe('Empty: nobody.'),
  silenced_until_ms: time.describe(
    'When the last silence of it or of its cluster ends; 0 when there is none in force.',
  ),
  mark: z.enum([...MARKS, '']).describe('The last mark; empty when nobody has marked it.'),
});
export type AlertRow = z.infer<typeof alertRow>;

const counts = z.object({ open: count, resolved: count });
export type Counts = z.infer<typeof counts>;

export const alertList = z.object({
  alerts: z.array(alertRow),
  next,
  counts: counts.describe('By status, of all that fit the rest of the filter.'),
});
export type AlertList = z.infer<typeof alertList>;

const trend = z.object({
  subject_id: z.string(),
  ends_ms: z.array(time).describe('Ends of its hours.'),
  calls: z.array(amount).describe('Exchanges in each of these hours.'),
});
export type Trend = z.infer<typeof trend>;
export const trendList = z.object({ trends: z.array(trend) });
export type TrendList = z.infer<typeof trendList>;

const revision = z.object({
  revision: z.int(),
  type: z.string(),
  status,
  verdict,
  severity,
  confidence: share,
  account_count: count,
  exchange_count: count,
  updated_at_ms: time,
});
export type RevisionRow = z.infer<typeof revision>;

const hour = z.object({
  window_end_ms: time,
  calls: amount.nullable(),
  accounts: amount.nullable(),
  verdict: z.string(),
  confidence: share,
});
export type HourRow = z.infer<typeof hour>;

/** With its signatures and evidence as data, not as the text that the table has. */
export const shownAlert = alertRow.extend({
  exchanges_before_alert: count,
  signatures: z.array(signature),
  linking_evidence: z.array(linkEvidence),
  sample_accounts: z.array(z.string()),
  sample_event_ids: z.array(z.string()),
  rules_hash: z.string(),
  atlas_technique: z.string(),
  query: z
    .string()
    .describe('ClickHouse SQL that gives its figures again out of the stored windows, as far as they can be added up.'),
  runbook_url: z.string(),
  baseline_note: z.string(),
  cohort: z.string(),
  timeline: z.array(revision).describe('Its revisions, latest first.'),
  windows: z.array(hour).describe('The hours of its subject, latest first.'),
});
export type ShownAlert = z.infer<typeof shownAlert>;
