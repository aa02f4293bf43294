import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ALLOW_KINDS } from '../../rules/schema.ts';
import { versionAt } from '../../rules/version.ts';
import { previewException } from '../exception.ts';
import { id, routeSchema } from '../schema.ts';
import { type ExceptionPreview, exceptionPreview } from '../schemas/exception.ts';
import type { ExceptionStore } from '../stores/exception-store.ts';
import { publishedBy, type RuleVersions } from './rules.ts';

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
    async ({ query }): Promise<ExceptionPreview> => {
      const [published, judged] = await Promise.all([publishedBy(versions), store.judgedUntil()]);
      // What was published last may not have come into force yet.
      const inForce = versionAt(published.versions ?? [], judged ?? now());
      return await previewException(query, inForce?.rules ?? null, store, now());
    },
  );
}
