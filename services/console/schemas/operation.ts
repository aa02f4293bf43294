import { z } from 'zod';
import type { RequeueSummary } from '../../dead-letters/requeue.ts';
import { alertSettings, allowEntry, MODES } from '../../rules/schema.ts';
import { writtenThreshold } from '../../rules/thresholds.ts';
import { lane, task } from '../service-status.ts';
import { count, time } from './alert.ts';

/** What a signature found in the stored windows: how a shadow signature would do is read off here. */
const signatureResult = z.object({
  signature: z.string(),
  looked_at: count.describe('Hours of subjects that it looked at.'),
  strong: count.describe('Of those, hours in which it scored half or more.'),
  subjects: count.describe('Subjects that it scored half or more.'),
  beyond_verdict: count.describe('Of those, subjects whose verdict was none: what it would add.'),
});
export type SignatureResult = z.infer<typeof signatureResult>;

const rulesUse = z.object({ rules_hash: z.string(), windows: count, first_ms: time, last_ms: time });
export type RulesUse = z.infer<typeof rulesUse>;

const signaturePrecision = z.object({ signature: z.string(), marked: count, marked_true: count });
export type SignaturePrecision = z.infer<typeof signaturePrecision>;

const rulesVersion = z.object({
  hash: z.string(),
  effective_at_ms: time.describe('Windows that end at or after it are judged by these rules; 0: from the beginning.'),
  published_at_ms: time,
  origin: z.enum(['file', 'operator']),
  signatures: z.array(
    z.object({ name: z.string(), mode: z.enum(MODES), thresholds: z.record(z.string(), writtenThreshold) }),
  ),
  alerts: alertSettings,
  allow: z.array(allowEntry),
});
export type ShownRules = z.infer<typeof rulesVersion>;

export const rulesAnswer = z.object({
  results: z.array(signatureResult).describe('Over the last seven days of event time.'),
  uses: z.array(rulesUse).describe('Which rules judged the stored windows, latest first.'),
  precision: z.array(signaturePrecision).describe('Of the alerts that people marked.'),
  versions: z.array(rulesVersion).nullable().describe('In the order in which they take over; null when not known.'),
  versions_error: z.string().nullable(),
});
export type RulesAnswer = z.infer<typeof rulesAnswer>;

const storedTable = z.object({
  table: z.string(),
  rows: count,
  newest_ms: time.describe('End of the newest window or time of the newest row; 0 when there is none.'),
});
export type StoredTable = z.infer<typeof storedTable>;

const deadLetterCount = z.object({
  topic: z.string(),
  reason: z.string(),
  messages: count,
  newest_ms: time,
  detail: z.string().describe('Of the newest.'),
  partition: count,
  offset: count,
});
export type DeadLetterCount = z.infer<typeof deadLetterCount>;

const undeliveredCount = z.object({
  target: z.string(),
  reason: z.string(),
  messages: count,
  newest_ms: time,
  alert_id: z.string().describe('Of the newest.'),
});
export type UndeliveredCount = z.infer<typeof undeliveredCount>;

export const deliveredRevision = z.object({
  target: z.string(),
  revision: z.int(),
  attempts: count,
  http_status: z.int(),
  delivered_at_ms: time,
});
export type DeliveredRevision = z.infer<typeof deliveredRevision>;

export const undeliveredRevision = z.object({
  target: z.string(),
  revision: z.int(),
  reason: z.string(),
  attempts: count,
  emitted_at_ms: time.describe('When the revision was published, not when it was given up.'),
});
export type UndeliveredRevision = z.infer<typeof undeliveredRevision>;

const metricSample = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  value: z.number(),
});
export type MetricSample = z.infer<typeof metricSample>;

const serviceStatus = z.object({
  name: z.string(),
  url: z.string(),
  is_ready: z.boolean(),
  error: z.string().nullable().describe('Why it is not known; null when it answered.'),
  tasks: z.array(task.extend({ step: z.string() })),
  lanes: z.array(lane),
  targets: z.array(z.string()).describe('Names of those that it tells of alerts: of notify.'),
  metrics: z.array(metricSample).describe('Samples that say how far it is and what it refused.'),
});
export type ServiceStatus = z.infer<typeof serviceStatus>;

export const pipelineAnswer = z.object({
  stored: z.array(storedTable),
  dead_letters: z.array(deadLetterCount),
  undelivered: z.array(undeliveredCount).describe('What targets of notify did not take.'),
  services: z.array(serviceStatus).describe("Empty when no service's address is configured."),
  requeued_topics: z.array(z.string()).describe('Topics whose dead letters this console may send back.'),
  tests_targets: z.boolean().describe('Whether admins may have targets of notify tested from here.'),
});
export type PipelineAnswer = z.infer<typeof pipelineAnswer>;

export const requeueSummary = z.object({
  requeued: count,
  already: count.describe('Left alone: that has been done before.'),
  internal: count.describe('Left alone: from a stream of our own.'),
  missing: z.array(z.string()),
}) satisfies z.ZodType<RequeueSummary>;

export const health = z.object({ ok: z.literal(true) });
/** As OpenAPI says what is in it. */
export const description = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });
