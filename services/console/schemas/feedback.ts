import { z } from 'zod';
import type { AuditRow } from '../../feedback/audit.ts';
import { HANDLING_ACTIONS, type HandlingEntry } from '../../feedback/handling.ts';
import { MARKS, type MarkRow } from '../../feedback/marks.ts';
import {
  type EffectiveSilence,
  END_CAUSES,
  type ListedSilence,
  SILENCE_TARGETS,
  type Silence,
} from '../../feedback/silences.ts';
import { count, next, severity, time } from './alert.ts';

export const markRow = z.object({
  marked_at_ms: time,
  mark: z.enum(MARKS),
  duplicate_of: z.string().describe('Empty unless it is a duplicate.'),
  marked_by: z.string(),
  note: z.string(),
}) satisfies z.ZodType<MarkRow>;
export const markList = z.object({ marks: z.array(markRow).describe('Latest first: the first one holds.') });
export const marked = z.object({ marked_at_ms: time });

export const handlingEntry = z.object({
  handled_at_ms: time,
  action: z.enum(HANDLING_ACTIONS),
  assignee: z.string(),
  severity,
  author: z.string(),
  note: z.string(),
}) satisfies z.ZodType<HandlingEntry>;
export const acknowledged = z.object({
  changed: count,
  already: count.describe('That were as wanted before.'),
  unknown: count.describe('Ids of no alert.'),
  left: count.describe('That fit the filter and were beyond the most that one change reaches: ask again.'),
});
export type Acknowledged = z.infer<typeof acknowledged>;
export const assigned = z.object({ assignee: z.string() });

export const silence = z.object({
  silence_id: z.string(),
  target_type: z.enum(SILENCE_TARGETS),
  target_id: z.string(),
  starts_at_ms: time,
  ends_at_ms: time.describe('As it was set: it may end earlier, by being idle.'),
  idle_ms: z.int().describe('Ends early when it has kept nothing back for so long, milliseconds; 0: it does not.'),
  author: z.string(),
  reason: z.string(),
}) satisfies z.ZodType<Silence>;
export const effectiveSilence = silence.extend({
  until_ms: time.describe(
    'When it ends or has ended. Of one in force that may become idle: unless it keeps something back before.',
  ),
  end_cause: z.enum(END_CAUSES).describe('Why then.'),
  kept_back: count.describe(
    'Messages about its target while it was in force, which nobody was told. Ends of alerts are told.',
  ),
}) satisfies z.ZodType<EffectiveSilence>;
export const silenceList = z.object({
  silences: z.array(
    effectiveSilence.extend({
      open_alerts: count.describe('Open alerts that it is about, whether it is in force or over.'),
    }) satisfies z.ZodType<ListedSilence>,
  ),
  next,
});
export type SilenceList = z.infer<typeof silenceList>;

export const auditList = z.object({
  entries: z.array(
    z.object({
      entry_id: z.string(),
      audited_at_ms: time,
      author: z.string(),
      role: z.string(),
      action: z.string(),
      target: z.string(),
      address: z.string(),
      detail: z.string().describe('JSON.'),
    }) satisfies z.ZodType<AuditRow>,
  ),
  next,
});
export type AuditList = z.infer<typeof auditList>;
