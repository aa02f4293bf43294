import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RequeueSummary } from '../../dead-letters/requeue.ts';
import { REQUEUED_TOPICS, requeueCommandLine } from '../../dead-letters/way-back.ts';
import { StillwatchError } from '../../platform/errors.ts';
import { type BeginChange, Refused } from '../changes.ts';
import { by, routeSchema } from '../schema.ts';
import { requeueSummary } from '../schemas/operation.ts';

/** Sends the originals of the letters of one topic and reason to their topic again, each once. */
export type Requeue = (letters: { topic: string; reason: string }) => Promise<RequeueSummary>;

const requeueSchema = z.strictObject({
  topic: z.enum([...REQUEUED_TOPICS]),
  reason: z.string().regex(/^[a-z_]{1,100}$/),
  by: by.optional(),
});

/** `requeue`: null where the console may not. */
export function addDeadLetters(app: FastifyInstance, requeue: Requeue | null, begin: BeginChange): void {
  let isBusy = false;
  app.post<{ Body: z.infer<typeof requeueSchema> }>(
    '/api/dead-letters/requeue',
    {
      config: { role: 'responder' },
      schema: routeSchema({
        summary:
          'Send the dead letters of a topic and reason to their topic again, each once: how many were, and had been',
        tags: ['operation'],
        body: requeueSchema,
        answer: requeueSummary,
      }),
    },
    async (request) => {
      const { by: named, ...letters } = request.body;
      if (requeue === null)
        throw new Refused(
          403,
          'forbidden',
          'this console may not requeue',
          `set console.requeue, or run ${requeueCommandLine(letters)}`,
        );
      // Whoever begins later takes over from whoever began before, who would be told that it failed.
      if (isBusy) throw new Refused(429, 'too_many', 'letters are being requeued just now', 'wait until that is done');
      isBusy = true;
      try {
        await begin(request, named, { action: 'requeue', target: letters.topic, detail: { reason: letters.reason } });
        return await requeue(letters);
      } catch (error) {
        if (error instanceof StillwatchError) throw new Refused(503, 'unavailable', error.what, error.hint);
        throw error;
      } finally {
        isBusy = false;
      }
    },
  );
}
