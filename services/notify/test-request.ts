import { z } from 'zod';

/** What the console asks `notify` for, at its health server, and what it is told. */
export const TEST_PATH = '/targets/test';
/** Over the body, with notify.test_key (services/platform/signature.ts). */
export const SIGNATURE_HEADER = 'stillwatch-signature';

export const testRequest = z.strictObject({ target: z.string().min(1).max(100) });
export type TestRequest = z.infer<typeof testRequest>;

export const testAnswer = z.object({
  sent: z.array(
    z.object({
      type: z.string(),
      is_taken: z.boolean(),
      outcome: z.string().describe('`HTTP 202`, or why it was not taken.'),
      answer: z.string().describe('The beginning of what was answered, on one line, without secrets.'),
    }),
  ),
});
export type TestAnswer = z.infer<typeof testAnswer>;
