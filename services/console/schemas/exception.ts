import { z } from 'zod';
import { alertRow, count } from './alert.ts';

const hiddenAlert = alertRow.pick({
  alert_id: true,
  status: true,
  severity: true,
  verdict: true,
  summary: true,
  updated_at_ms: true,
});
export type HiddenAlert = z.infer<typeof hiddenAlert>;

export const exceptionPreview = z.object({
  yaml: z.string().describe('The exception as it stands in the rules; owner and reason are for a person to fill in.'),
  hidden: z
    .array(hiddenAlert)
    .nullable()
    .describe('Alerts that would not be there with it; null when what is stored does not say.'),
  looked_at: count.describe('Alerts that are open or were updated in the last 30 days.'),
  rules_known: z
    .boolean()
    .describe('Whether the rules in force could be read; else alerts are counted in that they except already.'),
});
export type ExceptionPreview = z.infer<typeof exceptionPreview>;
