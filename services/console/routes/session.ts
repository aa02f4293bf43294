import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuditLog } from '../../feedback/audit.ts';
import { browserName } from '../access/browser-name.ts';
import { type AccessDeps, refuseGuesser } from '../access/gate.ts';
import { WRONG_A_MINUTE } from '../access/guesses.ts';
import { forgetSession, keepSession, sessionIdOf, sessionOf } from '../access/session-cookie.ts';
import { type LogIn, SESSION_LIFETIME, type Sessions } from '../access/sessions.ts';
import type { Identity } from '../access/tokens.ts';
import { refuse } from '../refusals.ts';
import { routeSchema } from '../schema.ts';
import { type SessionAnswer, session } from '../schemas/access.ts';

const loginSchema = z.strictObject({ token: z.string().min(1).max(500) });

/** Logging in with a browser: a token once, then a cookie that scripts cannot read and other sites cannot send. */
export function addSession(
  app: FastifyInstance,
  { guesses, sessions, signOn }: AccessDeps,
  audit: AuditLog,
  now: () => number,
): void {
  const signs_on = signOn !== null;
  app.get(
    '/api/session',
    {
      config: { isPublic: true },
      schema: routeSchema({ summary: 'Who is logged in', tags: ['access'], answer: session }),
    },
    async (request): Promise<SessionAnswer> => ({
      asks: guesses !== null,
      signs_on,
      who: shown(sessionOf(request, sessions)?.identity ?? null),
    }),
  );

  app.post<{ Body: z.infer<typeof loginSchema> }>(
    '/api/session',
    {
      config: { isPublic: true },
      schema: routeSchema({
        summary: `Log in with a token; after ${WRONG_A_MINUTE} wrong ones in a minute none is looked at from that address`,
        tags: ['access'],
        body: loginSchema,
        answer: session,
        code: 201,
      }),
    },
    async (request, reply) => {
      const identity = guesses?.identify(request.body.token, request.ip) ?? null;
      if (typeof identity === 'number') return await refuseGuesser(reply, identity);
      if (identity === null)
        return await refuse(
          reply,
          401,
          'unauthorized',
          'this token lets nobody in',
          '`stillwatch console token` makes one',
        );
      // A browser says over what it came, a proxy that ends TLS or not.
      const isOverTls = request.protocol === 'https' || request.headers.origin?.startsWith('https://') === true;
      await openSession(request, reply, {
        identity,
        by: 'token',
        authenticated: now(),
        sessions,
        audit,
        isOverTls,
      });
      return await reply.code(201).send({ asks: true, signs_on, who: identity } satisfies SessionAnswer);
    },
  );

  app.delete(
    '/api/session',
    { config: { isPublic: true }, schema: routeSchema({ summary: 'Log out', tags: ['access'], answer: session }) },
    async (request, reply) => {
      sessions.close(sessionIdOf(request));
      return await forgetSession(reply).send({ asks: guesses !== null, signs_on, who: null });
    },
  );
}

/** As the page needs it. */
function shown(identity: Identity | null): SessionAnswer['who'] {
  return identity === null ? null : { name: identity.name, role: identity.role };
}

interface Opening extends Pick<LogIn, 'identity' | 'by' | 'authenticated'> {
  sessions: Sessions;
  audit: AuditLog;
  isOverTls: boolean;
}

/** Writes down that somebody has logged in, and gives their browser a session in the place of the one that it had. */
export async function openSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { sessions, audit, isOverTls, ...logIn }: Opening,
): Promise<void> {
  const { name, role, subject } = logIn.identity;
  const detail = { by: logIn.by, ...(subject === undefined ? {} : { subject }) };
  await audit.record({ author: name, role, action: 'log in', target: '', detail, address: request.ip });
  sessions.close(sessionIdOf(request));
  const browser = browserName(request.headers['user-agent']);
  keepSession(reply, sessions.open({ ...logIn, address: request.ip, browser }), isOverTls, SESSION_LIFETIME / 1_000);
}
