import type {} from '@fastify/cookie';
import type {} from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AuditLog } from '../../feedback/audit.ts';
import { type GateDeps, SESSION_COOKIE } from '../access/gate.ts';
import { SESSION_LIFETIME } from '../access/sessions.ts';
import { refuse } from '../refusals.ts';
import { routeSchema } from '../schema.ts';
import { type SessionAnswer, session } from '../schemas/feedback.ts';

const loginSchema = z.strictObject({ token: z.string().min(1).max(500) });
/** Nobody mistypes a token more often; a guesser would need ages. */
const ATTEMPTS_A_MINUTE = 10;

/** Logging in with a browser: a token once, then a cookie that scripts cannot read and other sites cannot send. */
export function addSession(app: FastifyInstance, { tokens, sessions }: GateDeps, audit: AuditLog): void {
  app.get(
    '/api/session',
    {
      config: { isPublic: true },
      schema: routeSchema({ summary: 'Who is logged in', tags: ['access'], answer: session }),
    },
    async ({ cookies }): Promise<SessionAnswer> => ({
      asks: tokens !== null,
      who: sessions.find(cookies[SESSION_COOKIE] ?? ''),
    }),
  );

  app.post<{ Body: z.infer<typeof loginSchema> }>(
    '/api/session',
    {
      config: { isPublic: true, rateLimit: { max: ATTEMPTS_A_MINUTE, timeWindow: '1 minute' } },
      schema: routeSchema({
        summary: `Log in with a token, at most ${ATTEMPTS_A_MINUTE} attempts a minute from one address`,
        tags: ['access'],
        body: loginSchema,
        answer: session,
        code: 201,
      }),
    },
    async (request, reply) => {
      const identity = tokens?.identify(request.body.token) ?? null;
      if (identity === null)
        return await refuse(
          reply,
          401,
          'unauthorized',
          'this token lets nobody in',
          '`stillwatch console token` makes one',
        );
      const { name, role } = identity;
      await audit.record({ author: name, role, action: 'log in', target: '', detail: {}, address: request.ip });
      const isSecure = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
      return await reply
        .setCookie(SESSION_COOKIE, sessions.open(identity), {
          httpOnly: true,
          sameSite: 'strict',
          secure: isSecure,
          path: '/',
          maxAge: SESSION_LIFETIME / 1_000,
        })
        .code(201)
        .send({ asks: true, who: { name, role } } satisfies SessionAnswer);
    },
  );

  app.delete(
    '/api/session',
    { config: { isPublic: true }, schema: routeSchema({ summary: 'Log out', tags: ['access'], answer: session }) },
    async ({ cookies }, reply) => {
      sessions.close(cookies[SESSION_COOKIE] ?? '');
      return await reply.clearCookie(SESSION_COOKIE, { path: '/' }).send({ asks: tokens !== null, who: null });
    },
  );
}
