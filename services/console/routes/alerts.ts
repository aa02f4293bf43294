import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { pageOf, readListKey } from '../../feedback/list-key.ts';
import { type CaseDeps, caseOf } from '../alert-case.ts';
import { refuse } from '../refusals.ts';
import { before, id, routeSchema } from '../schema.ts';
import { type AlertList, alertList, severity, status, trendList, verdict } from '../schemas/alert.ts';
import { alertCase, exportedCase } from '../schemas/alert-case.ts';

export const criteriaSchema = z.strictObject({
  status: status.optional(),
  severity: severity.optional(),
  verdict: verdict.optional(),
  handling: z.enum(['waiting', 'acknowledged']).optional(),
  text: z.string().max(200).optional(),
});
const listSchema = criteriaSchema.extend({
  limit: z.int().min(1).max(200).default(50),
  before: before.optional(),
});
export const alertParams = z.strictObject({ alert_id: id });
const LIST_HINT =
  'GET /api/alerts takes status (open, resolved), severity (page, ticket, info), verdict (harvesting, coordinated_pool), handling (waiting, acknowledged), text, limit (1 to 200) and before (the `next` of the page before)';
export const NO_SUCH_ALERT = ['there is no such alert', 'GET /api/alerts lists them'] as const;

export function addAlerts(app: FastifyInstance, deps: CaseDeps): void {
  const { alerts } = deps;
  app.get<{ Querystring: z.infer<typeof listSchema> }>(
    '/api/alerts',
    {
      config: { hint: LIST_HINT, tool: 'list_alerts' },
      schema: routeSchema({
        summary: 'Alerts, most recently updated first',
        tags: ['alerts'],
        querystring: listSchema,
        answer: alertList,
      }),
    },
    async ({ query }): Promise<AlertList> => {
      const { limit, before: key, ...criteria } = query;
      const { alerts: found, counts } = await alerts.list({
        ...criteria,
        limit,
        before: key === undefined ? null : readListKey(key),
      });
      const { shown, next } = pageOf(found, limit, ({ updated_at_ms, alert_id }) => ({
        time: updated_at_ms,
        id: alert_id,
      }));
      return { alerts: shown, next, counts };
    },
  );

  app.get<{ Querystring: { subject_id?: string[] } }>(
    '/api/trends',
    {
      config: { tool: 'show_trends' },
      schema: routeSchema({
        summary: 'Exchanges an hour of the named subjects, the last 48 hours that are stored',
        tags: ['alerts'],
        querystring: z.strictObject({ subject_id: z.array(id).max(200).optional() }),
        answer: trendList,
      }),
    },
    async ({ query }) => ({ trends: await alerts.trends(query.subject_id ?? []) }),
  );

  app.get<{ Params: { alert_id: string } }>(
    '/api/alerts/:alert_id',
    {
      config: { tool: 'show_alert' },
      schema: routeSchema({
        summary: 'One alert whole, with what joins its accounts and what on-call did about it',
        tags: ['alerts'],
        params: alertParams,
        answer: alertCase,
      }),
    },
    async ({ params }, reply) =>
      (await caseOf(params.alert_id, deps)) ?? (await refuse(reply, 404, 'not_found', ...NO_SUCH_ALERT)),
  );

  app.get<{ Params: { alert_id: string } }>(
    '/api/alerts/:alert_id/case',
    {
      schema: routeSchema({
        summary: 'The same as a file to keep with the case',
        tags: ['alerts'],
        params: alertParams,
        answer: exportedCase,
      }),
    },
    async ({ params }, reply) => {
      const found = await caseOf(params.alert_id, deps);
      if (found === null) return await refuse(reply, 404, 'not_found', ...NO_SUCH_ALERT);
      const name = params.alert_id.replaceAll(/[^\w.-]/g, '_').slice(0, 100);
      return await reply
        .header('content-disposition', `attachment; filename="${name}.json"`)
        .type('application/json; charset=utf-8')
        .send(JSON.stringify({ exported_at: new Date(deps.now()).toISOString(), ...found }, null, 2));
    },
  );
}
