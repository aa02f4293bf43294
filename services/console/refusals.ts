import type { FastifyReply } from 'fastify';
import { z } from 'zod';

/** What, where, and what to do about it: every answer that is not what was asked for. */
export const refusalSchema = z.strictObject({
  error: z.enum([
    'bad_request',
    'unauthorized',
    'forbidden',
    'not_found',
    'wrong_method',
    'too_many',
    'unavailable',
    'internal',
  ]),
  what: z.string(),
  where: z.string(),
  hint: z.string(),
});
export type Refusal = z.infer<typeof refusalSchema>;

export function refuse(
  reply: FastifyReply,
  code: number,
  error: Refusal['error'],
  what: string,
  hint: string,
): FastifyReply {
  const { method, url } = reply.request;
  return reply.code(code).send({ error, what, where: `${method} ${url}`, hint } satisfies Refusal);
}
