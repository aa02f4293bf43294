import { z } from 'zod';
import { shownAlert } from './alert.ts';
import { effectiveSilence, handlingEntry, markRow } from './feedback.ts';
import { deliveredRevision, undeliveredRevision } from './operation.ts';
import { joins } from './subject.ts';

export const alertCase = shownAlert.extend({
  cluster_id: z.string().nullable().describe('Null for a single account.'),
  joins: joins.nullable(),
  marks: z.array(markRow).describe('Latest first.'),
  handling: z.array(handlingEntry).describe('Latest first.'),
  silences: z.array(effectiveSilence).describe('Of it and of its cluster, latest first.'),
  delivered: z.array(deliveredRevision).describe('Revisions that targets of notify took, latest first, at most 200.'),
  undelivered: z
    .array(undeliveredRevision)
    .describe('Revisions that a target of notify did not take, latest first, at most 200.'),
  formulas: z.record(z.string(), z.string()).describe('How each feature is computed, by name.'),
  figures_query: z.string().describe('ClickHouse SQL for every figure of this revision, as it was judged.'),
  exception: z.string().describe('YAML for the rules, by which its subject would never alert again.'),
});
export type AlertCase = z.infer<typeof alertCase>;

export const exportedCase = alertCase.extend({ exported_at: z.iso.datetime() });
