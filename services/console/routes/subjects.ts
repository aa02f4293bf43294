import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refuse } from '../refusals.ts';
import { id, routeSchema } from '../schema.ts';
import { shownAccount, shownCluster } from '../schemas/subject.ts';
import type { AccountStore } from '../stores/account-store.ts';
import type { ClusterStore } from '../stores/cluster-store.ts';

const sizeSchema = z.strictObject({ size: z.enum(['minute', 'hour', 'day']).default('hour') });
type Size = z.infer<typeof sizeSchema>;

export function addSubjects(app: FastifyInstance, accounts: AccountStore, clusters: ClusterStore): void {
  app.get<{ Params: { account_id: string }; Querystring: Size }>(
    '/api/accounts/:account_id',
    {
      config: { tool: 'show_account' },
      schema: routeSchema({
        summary: 'An account: its windows, which cluster it was in and why, latest first',
        tags: ['subjects'],
        params: z.strictObject({ account_id: id }),
        querystring: sizeSchema,
        answer: shownAccount,
      }),
    },
    async ({ params, query }, reply) =>
      (await accounts.show(params.account_id, query.size)) ??
      (await refuse(
        reply,
        404,
        'not_found',
        'no window and no assignment names this account',
        'check the id; ClickHouse holds accounts from their first closed minute on',
      )),
  );

  app.get<{ Params: { cluster_id: string }; Querystring: Size }>(
    '/api/clusters/:cluster_id',
    {
      config: { tool: 'show_cluster' },
      schema: routeSchema({
        summary: 'A cluster or one of its sub-populations: windows, what joins its accounts, lineage, alerts',
        tags: ['subjects'],
        params: z.strictObject({ cluster_id: id }),
        querystring: sizeSchema,
        answer: shownCluster,
      }),
    },
    async ({ params, query }, reply) =>
      (await clusters.show(params.cluster_id, query.size)) ??
      (await refuse(
        reply,
        404,
        'not_found',
        'no window and no assignment names this cluster',
        'clusters are named on alerts and accounts',
      )),
  );
}
