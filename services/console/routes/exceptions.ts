import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Exceptions } from '../../rules/allow.ts';
import { ALLOW_KINDS } from '../../rules/schema.ts';
import { previewException } from '../exception.ts';
import { id, routeSchema } from '../schema.ts';
import { type ExceptionPreview, exceptionPreview } from '../schemas/exception.ts';
import type { ExceptionStore } from '../stores/exception-store.ts';
import type { RuleVersions } from './rules.ts';

const namedSchema = z.strictObject({ kind: z.enum(ALLOW_KINDS), value: id });

export function addExceptions(
  app: FastifyInstance,
  store: ExceptionStore,
  versions: RuleVersions | null,
  now: () => number,
): void {
  app.get<{ Querystring: z.infer<typeof namedSchema> }>(
    '/api/exceptions/preview',
    {
      schema: routeSchema({
        summary: 'An exception for the rules, and the stored alerts that it would hide; nothing is changed',
        tags: ['on-call'],
        querystring: namedSchema,
        answer: exceptionPreview,
      }),
    },
    async ({ query }): Promise<ExceptionPreview> =>
      await previewException(query, await rulesInForce(versions), store, now()),
  );
}

/** Kafka away must not take away what ClickHouse knows. */
async function rulesInForce(versions: RuleVersions | null): Promise<Exceptions | null> {
  try {
    return (await versions?.())?.at(-1)?.rules ?? null;
  } catch {
    return null;
  }
}
