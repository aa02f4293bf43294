import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AuditLog } from '../../feedback/audit.ts';
import { routeSchema } from '../schema.ts';
import { auditList } from '../schemas/feedback.ts';

const querySchema = z.strictObject({
  before: z.int().min(0).optional(),
  limit: z.int().min(1).max(500).default(100),
});

export function addAudit(app: FastifyInstance, audit: AuditLog, now: () => number): void {
  app.get<{ Querystring: z.infer<typeof querySchema> }>(
    '/api/audit',
    {
      config: { role: 'admin' },
      schema: routeSchema({
        summary: 'Who changed what, latest first',
        tags: ['operation'],
        querystring: querySchema,
        answer: auditList,
      }),
    },
    async ({ query }) => ({ entries: await audit.list(query.before ?? now() + 1, query.limit) }),
  );
}
