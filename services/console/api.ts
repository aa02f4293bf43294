import type { FastifyInstance } from 'fastify';
import type { AlertStatus, Severity } from '../records/alert.ts';
import type { AlertStore } from './alert-store.ts';
import { LIST_KEY_PATTERN, readListKey, writeListKey } from './list-key.ts';

interface ListQuery {
  status?: AlertStatus;
  severity?: Severity;
  limit: number;
  before?: string;
}

const LIST_QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    status: { type: 'string', enum: ['open', 'resolved'] },
    severity: { type: 'string', enum: ['page', 'ticket', 'info'] },
    limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    before: { type: 'string', pattern: LIST_KEY_PATTERN },
  },
} as const;

const ALERT_PARAMS = {
  type: 'object',
  properties: { alert_id: { type: 'string', minLength: 1, maxLength: 300 } },
} as const;

const NO_PARAMETERS = { type: 'object', additionalProperties: false } as const;

/**
 * - GET /api/alerts?status=&severity=&limit=&before= : `{ alerts, next }`; `next` is the `before` of the following page, null on the last.
 * - GET /api/alerts/:alert_id : the alert whole, 404 when there is none.
 * - GET /api/health : `{ ok: true }` when the alerts can be read, else 503.
 */
export function addApi(app: FastifyInstance, store: AlertStore): void {
  app.get<{ Querystring: ListQuery }>('/api/alerts', { schema: { querystring: LIST_QUERY } }, async ({ query }) => {
    const { status = null, severity = null, limit, before } = query;
    const found = await store.list({
      status,
      severity,
      limit,
      before: before === undefined ? null : readListKey(before),
    });
    const alerts = found.slice(0, limit);
    const last = found.length > limit ? alerts.at(-1) : undefined;
    return {
      alerts,
      next: last === undefined ? null : writeListKey({ updatedAt: Number(last.updated_at_ms), alertId: last.alert_id }),
    };
  });

  app.get<{ Params: { alert_id: string } }>(
    '/api/alerts/:alert_id',
    { schema: { params: ALERT_PARAMS, querystring: NO_PARAMETERS } },
    async ({ params, url }, reply) => {
      const alert = await store.show(params.alert_id);
      if (alert !== null) return alert;
      return await reply
        .code(404)
        .send({ error: 'not_found', what: 'there is no such alert', where: url, hint: 'GET /api/alerts lists them' });
    },
  );

  app.get('/api/health', async () => {
    await store.ping();
    return { ok: true };
  });
}
