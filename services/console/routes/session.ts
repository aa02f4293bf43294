import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuditLog } from '../../feedback/audit.ts';
import { type AccessDeps, refuseGuesser } from '../access/gate.ts';
import { WRONG_A_MINUTE } from '../access/guesses.ts';
import { forgetSession, keepSession, sessionIdOf } from '../access/session-cookie.ts';
import { SESSION_LIFETIME, type Sessions } from '../access/sessions.ts';
import type { Identity } from '../access/tokens.ts';
import { refuse } from '../refusals.ts';
import { routeSchema } from '../schema.ts';
import { type SessionAnswer, session } from '../schemas/feedback.ts';

const loginSchema = z.strictObject({ token: z.string().min(1).max(500) });

/** Logging in with a browser: a token once, then a cookie that scripts cannot read and other sites cannot send. */
export function addSession(app: FastifyInstance, { guesses, sessions, signOn }: AccessDeps, audit: AuditLog): void {
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
      who: shown(sessions.find(sessionIdOf(request))),
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
      await openSession(request, reply, { identity, sessions, audit, by: 'token', isOverTls });
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

interface Opening {
  identity: Identity;
  sessions: Sessions;
  audit: AuditLog;
  by: string;
  isOverTls: boolean;
}

/** Writes down that somebody has logged in, and gives their browser a session in the place of the one that it had. */
export async function openSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { identity, sessions, audit, by, isOverTls }: Opening,
): Promise<void> {
  const { name, role, subject } = identity;
  const detail = { by, ...(subject === undefined ? {} : { subject }) };
  await audit.record({ author: name, role, action: 'log in', target: '', detail, address: request.ip });
  sessions.close(sessionIdOf(request));
  keepSession(reply, sessions.open(identity), isOverTls, SESSION_LIFETIME / 1_000);
}
