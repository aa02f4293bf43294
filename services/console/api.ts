import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { REQUEUED_TOPICS } from '../dead-letters/way-back.ts';
import { createAuditLog } from '../feedback/audit.ts';
import { createHandlingStore } from '../feedback/handling.ts';
import { createMarkStore } from '../feedback/marks.ts';
import { createSilenceStore } from '../feedback/silences.ts';
import { type AccessDeps, addGate } from './access/gate.ts';
import { createAlertStore } from './alert-store.ts';
import { createBeginChange } from './changes.ts';
import { type Database, tellingFailures } from './database.ts';
import { addAlerts } from './routes/alerts.ts';
import { addAudit } from './routes/audit.ts';
import { addDeadLetters, type Requeue } from './routes/dead-letters.ts';
import { addExceptions } from './routes/exceptions.ts';
import { addHandling } from './routes/handling.ts';
import { addMarks } from './routes/marks.ts';
import { addMcp } from './routes/mcp.ts';
import { addPipeline } from './routes/pipeline.ts';
import { addRules, type RuleVersions } from './routes/rules.ts';
import { addSession } from './routes/session.ts';
import { addSessions } from './routes/sessions.ts';
import { addSignOn } from './routes/sign-on.ts';
import { addSilences } from './routes/silences.ts';
import { addSubjects } from './routes/subjects.ts';
import { addTargets } from './routes/targets.ts';
import { routeSchema } from './schema.ts';
import { description, health } from './schemas/operation.ts';
import type { Services } from './service-status.ts';
import { createAccountStore } from './stores/account-store.ts';
import { createClusterStore } from './stores/cluster-store.ts';
import { createDeliveryStore } from './stores/delivery-store.ts';
import { createExceptionStore } from './stores/exception-store.ts';
import { createPipelineStore } from './stores/pipeline-store.ts';
import { createRuleStore } from './stores/rule-store.ts';
import type { TestTarget } from './target-tests.ts';
import { learnTools } from './tools.ts';

export interface ApiDeps {
  clickhouse: Database;
  database: string;
  log: Logger;
  now(): number;
  access: AccessDeps;
  services: Services;
  ruleVersions: RuleVersions | null;
  /** Null: dead letters are shown, and nothing is sent back. */
  requeue: Requeue | null;
  /** Null: targets of notify are shown, and none is tested. */
  testTarget: TestTarget | null;
}

/** Every route under /api, behind the gate. `GET /api/openapi.json` describes them. */
export function addApi(
  api: FastifyInstance,
  { clickhouse: given, database, log, now, access, services, ruleVersions, requeue, testTarget }: ApiDeps,
): void {
  const clickhouse = tellingFailures(given);
  const { query } = clickhouse;
  const audit = createAuditLog(clickhouse, database, now);
  const begin = createBeginChange(audit);
  const alerts = createAlertStore(query, database);
  const clusters = createClusterStore(query, database);
  const marks = createMarkStore(clickhouse, database, now);
  const handling = createHandlingStore(clickhouse, database, now);
  const silences = createSilenceStore(clickhouse, database, now);

  const tools = learnTools(api);
  addGate(api, access);
  addSession(api, access, audit, now);
  addSessions(api, { sessions: access.sessions, begin, now });
  if (access.signOn !== null) addSignOn(api, { signOn: access.signOn, sessions: access.sessions, audit, log });
  addAlerts(api, {
    alerts,
    marks,
    handling,
    silences,
    clusters,
    deliveries: createDeliveryStore(query, database),
    database,
    now,
  });
  addMarks(api, marks, begin);
  addHandling(api, alerts, handling, begin);
  addSilences(api, silences, begin);
  addSubjects(api, createAccountStore(query, database), clusters);
  addRules(api, createRuleStore(query, database), ruleVersions);
  addExceptions(api, createExceptionStore(query, database), ruleVersions, now);
  addPipeline(api, createPipelineStore(query, database), services, {
    requeuedTopics: requeue === null ? [] : [...REQUEUED_TOPICS],
    testsTargets: testTarget !== null,
  });
  addDeadLetters(api, requeue, begin);
  addTargets(api, testTarget, begin);
  addAudit(api, audit);
  addMcp(api, tools, log);
  api.get(
    '/api/health',
    {
      config: { isPublic: true },
      schema: routeSchema({ summary: 'Whether the alerts can be read', tags: ['operation'], answer: health }),
    },
    async () => {
      await alerts.ping();
      return { ok: true };
    },
  );
  api.get(
    '/api/openapi.json',
    { schema: routeSchema({ summary: 'This description', tags: ['operation'], answer: description }) },
    async () => api.swagger(),
  );
}
