import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { MARKS, type MarkStore, marking } from '../../feedback/marks.ts';
import type { BeginChange } from '../changes.ts';
import { refuse } from '../refusals.ts';
import { by, id, reason, routeSchema } from '../schema.ts';
import { marked, markList } from '../schemas/feedback.ts';
import { alertParams } from './alerts.ts';

const markSchema = z.strictObject({
  mark: z.enum(MARKS),
  duplicate_of: id.optional(),
  by: by.optional(),
  /** Why. */
  note: reason,
});
const MARK_HINT =
  'send {"mark": "true" | "false" | "duplicate", "by": "...", "note": "why"}, and duplicate_of with a duplicate';

export function addMarks(app: FastifyInstance, store: MarkStore, begin: BeginChange): void {
  app.get<{ Params: { alert_id: string } }>(
    '/api/alerts/:alert_id/marks',
    {
      schema: routeSchema({
        summary: 'What people found an alert to be, latest first; the first one holds',
        tags: ['on-call'],
        params: alertParams,
        answer: markList,
      }),
    },
    async ({ params }) => ({ marks: await store.list(params.alert_id) }),
  );

  app.post<{ Params: { alert_id: string }; Body: z.infer<typeof markSchema> }>(
    '/api/alerts/:alert_id/marks',
    {
      config: { role: 'responder', hint: MARK_HINT },
      schema: routeSchema({
        summary: `Say what an alert was: ${MARK_HINT}`,
        tags: ['on-call'],
        params: alertParams,
        body: markSchema,
        answer: marked,
        code: 201,
      }),
    },
    async (request, reply) => {
      const { mark, note, duplicate_of = null } = request.body;
      const { alert_id } = request.params;
      const entry = { alert_id, mark, note, duplicate_of };
      const author = await begin(request, request.body.by, marking(entry));
      const outcome = await store.add({ ...entry, by: author });
      if (outcome.ok) return await reply.code(201).send({ marked_at_ms: outcome.marked_at });
      if (outcome.reason === 'wrong') return await refuse(reply, 400, 'bad_request', outcome.what, MARK_HINT);
      const what = `there is no alert ${outcome.alert_id}`;
      return await refuse(reply, 404, 'not_found', what, 'GET /api/alerts lists them');
    },
  );
}
