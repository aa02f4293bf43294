import type { FastifyInstance } from 'fastify';
import { routeSchema } from '../schema.ts';
import type { ServiceStatus, Services } from '../service-status.ts';
import type { DeadLetterCount, PipelineStore, StoredTable, UndeliveredCount } from '../stores/pipeline-store.ts';

export interface PipelineAnswer {
  stored: StoredTable[];
  dead_letters: DeadLetterCount[];
  undelivered: UndeliveredCount[];
  /** Empty when no service's address is configured. */
  services: ServiceStatus[];
  /** Topics whose dead letters this console may send back. */
  requeued_topics: string[];
}

export function addPipeline(
  app: FastifyInstance,
  store: PipelineStore,
  services: Services,
  requeuedTopics: readonly string[],
): void {
  app.get(
    '/api/pipeline',
    {
      schema: routeSchema({
        summary:
          'How far the pipeline is: tables, tasks and lanes of the services, dead letters and undelivered alerts by reason',
        tags: ['operation'],
      }),
    },
    async (): Promise<PipelineAnswer> => {
      const [stored, dead_letters, undelivered, statuses] = await Promise.all([
        store.stored(),
        store.deadLetters(),
        store.undelivered(),
        services.statuses(),
      ]);
      return { stored, dead_letters, undelivered, services: statuses, requeued_topics: [...requeuedTopics] };
    },
  );
}
