import type { FastifyInstance } from 'fastify';
import { routeSchema } from '../schema.ts';
import { type PipelineAnswer, pipelineAnswer } from '../schemas/operation.ts';
import type { Services } from '../service-status.ts';
import type { PipelineStore } from '../stores/pipeline-store.ts';

export function addPipeline(
  app: FastifyInstance,
  store: PipelineStore,
  services: Services,
  { requeuedTopics, testsTargets }: { requeuedTopics: readonly string[]; testsTargets: boolean },
): void {
  app.get(
    '/api/pipeline',
    {
      config: { tool: 'show_pipeline' },
      schema: routeSchema({
        summary:
          'How far the pipeline is: tables, tasks and lanes of the services, dead letters and undelivered alerts by reason',
        tags: ['operation'],
        answer: pipelineAnswer,
      }),
    },
    async (): Promise<PipelineAnswer> => {
      const [stored, dead_letters, undelivered, statuses] = await Promise.all([
        store.stored(),
        store.deadLetters(),
        store.undelivered(),
        services.statuses(),
      ]);
      return {
        stored,
        dead_letters,
        undelivered,
        services: statuses,
        requeued_topics: [...requeuedTopics],
        tests_targets: testsTargets,
      };
    },
  );
}
