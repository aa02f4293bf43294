import { z } from 'zod';
import type { Joins } from '../joins.ts';
import { amount, count, linkEvidence, severity, share, status, time, verdict } from './alert.ts';

export const joins = z.object({
  accounts: count,
  attributes: z
    .array(z.object({ kind: z.string(), attribute: z.string(), accounts: count }))
    .describe('Most shared first.'),
  groups: z
    .array(z.object({ attributes: z.array(count).describe('Places in `attributes`.'), accounts: count }))
    .describe('Accounts that have exactly these of the attributes, largest first.'),
  further: count.describe('Attributes that are not shown.'),
  hasRest: z.boolean().describe('Whether the last group is what was left over.'),
}) satisfies z.ZodType<Joins>;

const accountWindow = z.object({
  window_end_ms: time,
  calls: amount.nullable(),
  input_tokens: amount.nullable(),
  output_tokens: amount.nullable(),
  product_share: share.nullable(),
  error_share: share.nullable(),
});
export type AccountWindowRow = z.infer<typeof accountWindow>;

const assignment = z.object({
  version: z.int(),
  cluster_id: z.string().describe('Empty: linked to nobody.'),
  previous_cluster_id: z.string(),
  effective_at_ms: time,
  reason: z.string(),
  cluster_size: count,
  evidence: z.array(linkEvidence),
});
export type AssignmentRow = z.infer<typeof assignment>;

export const shownAccount = z.object({
  account_id: z.string(),
  plan: z.string(),
  organization_id: z.string(),
  country: z.string(),
  account_status: z.string(),
  verified: z.boolean().nullable(),
  first_seen_ms: time,
  last_seen_ms: time,
  calls: count,
  windows: z.array(accountWindow).describe('Latest first.'),
  assignments: z.array(assignment).describe('Which cluster it was in since when, latest first.'),
  memberships: z
    .array(z.object({ subject_id: z.string(), effective_at_ms: time, change: z.string() }))
    .describe('Sub-populations that it joined or left, latest first.'),
});
export type ShownAccount = z.infer<typeof shownAccount>;

const clusterWindow = z.object({
  window_end_ms: time,
  calls: amount.nullable(),
  accounts: amount.nullable(),
  verdict: z.string(),
  confidence: share,
  signatures: z.record(z.string(), share),
});
export type ClusterWindowRow = z.infer<typeof clusterWindow>;

/** What happened to a cluster at one moment: so many of its accounts came from, or went to, another one. */
const lineage = z.object({
  effective_at_ms: time,
  change: z.enum(['in', 'out']),
  reason: z.string(),
  other_cluster_id: z.string().describe('Empty: none.'),
  accounts: count,
});
export type LineageRow = z.infer<typeof lineage>;

const clusterAccount = z.object({ account_id: z.string(), effective_at_ms: time, reason: z.string() });
export type ClusterAccount = z.infer<typeof clusterAccount>;

export const shownCluster = z.object({
  cluster_id: z.string(),
  account_count: count.describe('Accounts assigned to it now.'),
  accounts: z.array(clusterAccount).describe('The most recent ones to join, at most 100.'),
  joins,
  windows: z.array(clusterWindow).describe('Latest first.'),
  lineage: z.array(lineage).describe('Latest first.'),
  alerts: z.array(
    z.object({ alert_id: z.string(), status, severity, verdict, summary: z.string(), updated_at_ms: time }),
  ),
  parts: z.array(z.string()).describe('Its sub-populations that were looked at by themselves.'),
});
export type ShownCluster = z.infer<typeof shownCluster>;
