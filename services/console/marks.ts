import type { FastifyInstance } from 'fastify';
import { type AlertMark, MARKS, type MarkStore } from '../feedback/marks.ts';
import { refusal } from './same-machine.ts';

interface MarkBody extends Omit<AlertMark, 'alert_id' | 'duplicate_of'> {
  duplicate_of?: string;
}

const ID = { type: 'string', minLength: 1, maxLength: 300 } as const;
const PARAMS = { type: 'object', properties: { alert_id: ID } } as const;
const BODY = {
  type: 'object',
  additionalProperties: false,
  required: ['mark', 'by'],
  properties: {
    mark: { type: 'string', enum: MARKS },
    duplicate_of: ID,
    by: { type: 'string', minLength: 1, maxLength: 100 },
    note: { type: 'string', maxLength: 1_000, default: '' },
  },
} as const;
/** A note of a thousand characters of four bytes each, and the rest. */
const BODY_BYTES = 6_000;
export const MARK_HINT =
  'send {"mark": "true" | "false" | "duplicate", "by": "...", "note": "..."}, and duplicate_of with a duplicate';

/**
 * - GET /api/alerts/:alert_id/marks : `{ marks }`, latest first: the first one holds.
 * - POST /api/alerts/:alert_id/marks : adds one, from this machine only, as application/json; 201.
 */
export function addMarks(app: FastifyInstance, store: MarkStore): void {
  // A form of another page can send text/plain without asking first; JSON it cannot.
  app.removeContentTypeParser('text/plain');

  app.get<{ Params: { alert_id: string } }>(
    '/api/alerts/:alert_id/marks',
    { schema: { params: PARAMS } },
    async ({ params }) => ({ marks: await store.list(params.alert_id) }),
  );

  app.post<{ Params: { alert_id: string }; Body: MarkBody }>(
    '/api/alerts/:alert_id/marks',
    {
      bodyLimit: BODY_BYTES,
      schema: { params: PARAMS, body: BODY },
      async onRequest({ socket, headers, method, url }, reply) {
        const what = refusal(socket.remoteAddress, headers);
        if (what === null) return;
        const hint = 'mark it on the machine of the console, through a tunnel to it, or with `stillwatch alerts mark`';
        await reply.code(403).send({ error: 'forbidden', what, where: `${method} ${url}`, hint });
      },
    },
    async ({ params, body, url }, reply) => {
      const { mark, by, note, duplicate_of = null } = body;
      const outcome = await store.add({ alert_id: params.alert_id, mark, by, note, duplicate_of });
      if (outcome.ok) return await reply.code(201).send({ marked_at_ms: outcome.marked_at });
      const where = `POST ${url}`;
      if (outcome.reason === 'wrong')
        return await reply.code(400).send({ error: 'bad_request', what: outcome.what, where, hint: MARK_HINT });
      const what = `there is no alert ${outcome.alert_id}`;
      return await reply.code(404).send({ error: 'not_found', what, where, hint: 'GET /api/alerts lists them' });
    },
  );
}
