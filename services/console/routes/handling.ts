import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { acknowledgement, type HandlingStore, MOST_HANDLED } from '../../feedback/handling.ts';
import type { AlertStore } from '../alert-store.ts';
import { type BeginChange, Refused } from '../changes.ts';
import { refuse } from '../refusals.ts';
import { by, id, note, routeSchema } from '../schema.ts';
import { alertParams, criteriaSchema, NO_SUCH_ALERT } from './alerts.ts';

const acknowledgeSchema = z.strictObject({
  alert_ids: z.array(id).min(1).max(MOST_HANDLED).optional(),
  filter: criteriaSchema.optional(),
  /** false takes it back. */
  acknowledged: z.boolean().default(true),
  by: by.optional(),
  note: note.default(''),
});
const assignSchema = z.strictObject({ assignee: z.string().max(100), by: by.optional(), note: note.default('') });

/** Ten thousand ids of 300 characters. */
const BULK_BYTES = 4_000_000;

/** Acknowledging and assigning. A change of many says exactly how many it changed, how many were so before, and what it did not reach. */
export function addHandling(app: FastifyInstance, alerts: AlertStore, store: HandlingStore, begin: BeginChange): void {
  app.post<{ Body: z.infer<typeof acknowledgeSchema> }>(
    '/api/acknowledgements',
    {
      config: { role: 'responder' },
      bodyLimit: BULK_BYTES,
      schema: routeSchema({
        summary: `Acknowledge alerts by id or by filter, at most ${MOST_HANDLED} at a time: \`{ changed, already, unknown, left }\`, each a number`,
        tags: ['on-call'],
        body: acknowledgeSchema,
      }),
    },
    async (request) => {
      const { alert_ids, filter, acknowledged, note } = request.body;
      if ((alert_ids === undefined) === (filter === undefined))
        throw new Refused(400, 'bad_request', 'it takes either alert_ids or a filter', 'send one of the two');
      const found = alert_ids ?? (await alerts.ids(filter ?? {}, MOST_HANDLED + 1));
      const ids = found.slice(0, MOST_HANDLED);
      const change = acknowledgement(ids, acknowledged, note);
      const author = await begin(request, request.body.by, { ...change, detail: { filter, ...change.detail } });
      const { changed, already, unknown } = await store.acknowledge(ids, acknowledged, author, note);
      const all = filter === undefined || found.length <= MOST_HANDLED ? null : await alerts.count(filter);
      return {
        changed: changed.length,
        already: already.length,
        unknown: unknown.length,
        left: all === null ? 0 : Math.max(0, all.open + all.resolved - ids.length),
      };
    },
  );

  app.post<{ Params: { alert_id: string }; Body: z.infer<typeof assignSchema> }>(
    '/api/alerts/:alert_id/assignment',
    {
      config: { role: 'responder' },
      schema: routeSchema({
        summary: 'Say who looks after an alert; an empty assignee is nobody',
        tags: ['on-call'],
        params: alertParams,
        body: assignSchema,
      }),
    },
    async (request, reply) => {
      const { assignee, note } = request.body;
      const { alert_id } = request.params;
      const detail = { assignee, note };
      const author = await begin(request, request.body.by, { action: 'assign alert', target: alert_id, detail });
      if (await store.assign(alert_id, assignee, author, note)) return { assignee };
      return await refuse(reply, 404, 'not_found', ...NO_SUCH_ALERT);
    },
  );
}
