import { z } from 'zod';
import { ROLES } from '../../platform/config/token-entry.ts';
import { LOG_INS } from '../access/sessions.ts';
import { count, time } from './alert.ts';

const role = z.enum(ROLES);

export const session = z.object({
  asks: z.boolean().describe('Whether anybody is asked who they are.'),
  signs_on: z.boolean().describe('Whether one can log in by single sign-on.'),
  who: z.object({ name: z.string(), role }).nullable(),
});
export type SessionAnswer = z.infer<typeof session>;

export const sessionList = z.object({
  sessions: z
    .array(
      z.object({
        session_id: z.string().describe('Of no use for logging in.'),
        is_this: z.boolean().describe('By which this was asked.'),
        is_own: z.boolean(),
        name: z.string(),
        role,
        by: z.enum(LOG_INS),
        began_at_ms: time,
        used_at_ms: time,
        address: z.string().describe('That it was last used from.'),
        browser: z.string(),
      }),
    )
    .describe("One's own; for an admin everybody's. Latest used first. Programs that send a token have none."),
  may_end: z.boolean().describe('Whether whoever asks has said lately enough who they are to end any.'),
});
export type SessionList = z.infer<typeof sessionList>;

export const endedSessions = z.object({ ended: count });
export type EndedSessions = z.infer<typeof endedSessions>;
