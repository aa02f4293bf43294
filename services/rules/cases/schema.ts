import { z } from 'zod';

const atMost = z.int().min(0);
const within = z.tuple([z.number(), z.number()]).meta({ description: 'From and to, both included.' });

const subject = z.strictObject({
  type: z.enum(['cluster', 'account']).default('cluster'),
  id: z.string().default('c_test'),
  organization: z.string().nullable().default(null),
  verified: z.boolean().default(false),
  accounts: z.int().min(1).default(1),
  sample_accounts: z.array(z.string()).default([]),
  calls: z.int().min(0),
  prompts: z.int().min(0).optional().meta({ description: 'Calls with a fingerprint; all of them when not given.' }),
  calls_this_hour: z.int().min(0).optional().meta({ description: 'As many as `calls` when not given.' }),
  asns: z.array(z.string()).default([]),
  evidence: z.array(z.strictObject({ kind: z.string(), attribute: z.string(), accounts: z.int() })).default([]),
});

/** What the cohort does: the percentiles that thresholds ask for, and what is usual. */
const cohort = z.record(
  z.string(),
  z.strictObject({ percentiles: z.record(z.string(), z.number()).default({}), usual: z.number().optional() }),
);

/** One subject at one moment: features in, verdict out. */
const featureCase = z.strictObject({
  name: z.string(),
  at: z.iso.datetime({ offset: true }).default('2026-01-01T00:00:00Z'),
  subject,
  features: z.record(z.string(), z.number()),
  cohort: cohort.default({}),
  expect: z.strictObject({
    verdict: z.enum(['harvesting', 'coordinated_pool', 'none']).optional(),
    severity: z.enum(['page', 'ticket', 'info', 'none']).optional(),
    confidence: within.optional(),
    signatures: z
      .record(z.string(), within)
      .optional()
      .meta({ description: 'Score of each, whether on or in shadow.' }),
    excused_by: z.string().optional().meta({ description: 'Kind of the exception that covers it, or none.' }),
  }),
});

/** A simulated scenario, through the whole line. */
const trafficCase = z.strictObject({
  name: z.string(),
  traffic: z.strictObject({ scenario: z.string(), seed: z.int().default(1), scale: z.number().positive().optional() }),
  expect: z.strictObject({
    campaign_accounts_paged: within.optional().meta({ description: 'Share of the campaign accounts.' }),
    other_accounts_paged: atMost.optional().meta({ description: 'At most so many accounts of anybody else.' }),
    alerts: z
      .strictObject({ page: within.optional(), ticket: within.optional(), info: within.optional() })
      .optional()
      .meta({ description: 'Number of alerts by the highest severity that each had.' }),
  }),
});

export const caseFileSchema = z.strictObject({
  rules: z.string().meta({ description: 'The rule file, relative to this one.' }),
  tests: z.array(z.union([featureCase, trafficCase])).min(1),
});

export type CaseFile = z.infer<typeof caseFileSchema>;
export type FeatureCase = z.infer<typeof featureCase>;
export type TrafficCase = z.infer<typeof trafficCase>;
