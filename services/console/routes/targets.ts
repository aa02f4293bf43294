import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { testAnswer } from '../../notify/test-request.ts';
import { type BeginChange, Refused } from '../changes.ts';
import { by, id, routeSchema } from '../schema.ts';
import type { TestTarget } from '../target-tests.ts';

/** `test`: null where the console may not. */
export function addTargets(app: FastifyInstance, test: TestTarget | null, begin: BeginChange): void {
  app.post<{ Params: { target: string }; Body: { by?: string } }>(
    '/api/targets/:target/test',
    {
      config: { role: 'admin' },
      schema: routeSchema({
        summary: 'Have notify send a target an alert marked TEST and its end, once a minute at most: what it answers',
        tags: ['operation'],
        params: z.strictObject({ target: id }),
        body: z.strictObject({ by: by.optional() }),
        answer: testAnswer,
      }),
    },
    async (request) => {
      const { target } = request.params;
      if (test === null)
        throw new Refused(
          403,
          'forbidden',
          'this console may not test targets',
          'set notify.test_key here and for notify, or run stillwatch notify test',
        );
      await begin(request, request.body.by, { action: 'test target', target, detail: {} });
      return await test(target);
    },
  );
}
