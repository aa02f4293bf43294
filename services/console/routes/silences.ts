import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { pageOf, readListKey } from '../../feedback/list-key.ts';
import {
  LONGEST_SILENCE,
  SHORTEST_IDLE,
  SILENCE_STATES,
  SILENCE_TARGETS,
  type SilenceStore,
} from '../../feedback/silences.ts';
import type { BeginChange } from '../changes.ts';
import { refuse } from '../refusals.ts';
import { before, by, id, reason, routeSchema } from '../schema.ts';
import { type SilenceList, silence, silenceList } from '../schemas/feedback.ts';

const silenceSchema = z.strictObject({
  target_type: z.enum(SILENCE_TARGETS),
  target_id: id,
  ends_at_ms: z.int().min(0),
  /** Ends early when it has kept nothing back for so long; absent: it does not. */
  idle_ms: z.int().min(SHORTEST_IDLE).max(LONGEST_SILENCE).optional(),
  reason,
  by: by.optional(),
});
const listSchema = z.strictObject({
  state: z.enum(SILENCE_STATES).optional(),
  limit: z.int().min(1).max(200).default(50),
  before: before.optional(),
});
const endSchema = z.strictObject({ by: by.optional() });

export function addSilences(app: FastifyInstance, store: SilenceStore, begin: BeginChange): void {
  app.get<{ Querystring: z.infer<typeof listSchema> }>(
    '/api/silences',
    {
      config: { tool: 'list_silences' },
      schema: routeSchema({
        summary: 'Silences, latest first, ended ones too',
        tags: ['on-call'],
        querystring: listSchema,
        answer: silenceList,
      }),
    },
    async ({ query: { state = null, limit, before: key } }): Promise<SilenceList> => {
      const found = await store.list({ state, limit, before: key === undefined ? null : readListKey(key) });
      const { shown, next } = pageOf(found, limit, ({ starts_at_ms, silence_id }) => ({
        time: starts_at_ms,
        id: silence_id,
      }));
      return { silences: shown, next };
    },
  );

  app.post<{ Body: z.infer<typeof silenceSchema> }>(
    '/api/silences',
    {
      config: { role: 'responder' },
      schema: routeSchema({
        summary:
          'Silence an alert or a cluster from now until ends_at_ms, at most 30 days, or until it has kept nothing back for idle_ms, an hour at least; with a reason',
        tags: ['on-call'],
        body: silenceSchema,
        answer: silence,
        code: 201,
      }),
    },
    async (request, reply) => {
      const { by: named, idle_ms = 0, ...wanted } = request.body;
      const detail = { ends_at_ms: wanted.ends_at_ms, idle_ms, reason: wanted.reason };
      const target = `${wanted.target_type} ${wanted.target_id}`;
      const author = await begin(request, named, { action: 'silence', target, detail });
      const outcome = await store.add({ ...wanted, idle_ms, author });
      if (outcome.ok) return await reply.code(201).send(outcome.silence);
      return await refuse(reply, 400, 'bad_request', outcome.what, 'send another ends_at_ms, in milliseconds');
    },
  );

  app.post<{ Params: { silence_id: string }; Body: z.infer<typeof endSchema> }>(
    '/api/silences/:silence_id/end',
    {
      config: { role: 'responder' },
      schema: routeSchema({
        summary: 'End a silence now',
        tags: ['on-call'],
        params: z.strictObject({ silence_id: id }),
        body: endSchema,
        answer: silence,
      }),
    },
    async (request, reply) => {
      const { silence_id } = request.params;
      await begin(request, request.body.by, { action: 'end silence', target: silence_id, detail: {} });
      const ended = await store.end(silence_id);
      if (ended !== null) return ended;
      const hint = 'GET /api/silences lists them';
      return await refuse(reply, 404, 'not_found', 'there is no silence in force of that id', hint);
    },
  );
}
