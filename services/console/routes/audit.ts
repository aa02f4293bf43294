import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AuditLog } from '../../feedback/audit.ts';
import { pageOf, readListKey } from '../../feedback/list-key.ts';
import { before, routeSchema } from '../schema.ts';
import { type AuditList, auditList } from '../schemas/feedback.ts';

const querySchema = z.strictObject({
  before: before.optional(),
  limit: z.int().min(1).max(500).default(100),
});

export function addAudit(app: FastifyInstance, audit: AuditLog): void {
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
    async ({ query: { before: key, limit } }): Promise<AuditList> => {
      const found = await audit.list(key === undefined ? null : readListKey(key), limit);
      const { shown, next } = pageOf(found, limit, ({ audited_at_ms, entry_id }) => ({
        time: audited_at_ms,
        id: entry_id,
      }));
      return { entries: shown, next };
    },
  );
}
