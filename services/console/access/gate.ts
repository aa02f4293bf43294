import type {} from '@fastify/cookie';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Role } from '../../platform/config/token-entry.ts';
import { refuse } from '../refusals.ts';
import { crossSiteRefusal, strangerRefusal } from './origin.ts';
import type { Sessions } from './sessions.ts';
import { type Identity, mayActAs, type Tokens } from './tokens.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null where the console asks nobody who they are. */
    asker: Identity | null;
  }
  interface FastifyContextConfig {
    /** Who may use the route; viewers when it does not say. */
    role?: Role;
    /** For everybody: it shows no data. */
    isPublic?: boolean;
  }
}

export const SESSION_COOKIE = 'stillwatch_session';

export interface GateDeps {
  /** Null: the console is bound to the loopback and asks nobody who they are. */
  tokens: Tokens | null;
  sessions: Sessions;
}

/**
 * Decides for every request of the API, before anything else of it is looked at:
 *
 *   public route -> in
 *   no tokens configured -> in from this machine, else 403
 *   bearer token -> its identity, else 401
 *   session cookie -> its identity, else 401
 *   role too low -> 403 ; a change that a page from elsewhere asks for -> 403
 */
export function addGate(app: FastifyInstance, { tokens, sessions }: GateDeps): void {
  app.decorateRequest('asker', null);
  app.addHook('onRequest', async (request, reply) => {
    const { role = 'viewer', isPublic = false } = request.routeOptions.config;
    const isChange = request.method !== 'GET' && request.method !== 'HEAD';
    const elsewhere = isChange ? crossSiteRefusal(request.headers) : null;
    if (elsewhere !== null) return await refuse(reply, 403, 'forbidden', elsewhere, 'ask from the page of the console');
    if (tokens === null) {
      const stranger = isPublic && !isChange ? null : strangerRefusal(request.socket.remoteAddress, request.headers);
      if (stranger === null) return;
      const hint =
        'ask on the machine of the console or through a tunnel to it; or set console.tokens (`stillwatch console token` makes one)';
      return await refuse(reply, 403, 'forbidden', stranger, hint);
    }
    if (isPublic) return;
    const identity = identify(request, tokens, sessions);
    if (identity === null)
      return await refuse(
        reply.header('www-authenticate', 'Bearer realm="stillwatch"'),
        401,
        'unauthorized',
        'nobody is logged in',
        'send `authorization: Bearer <token>`, or log in on the page',
      );
    if (!mayActAs(identity, role))
      return await refuse(
        reply,
        403,
        'forbidden',
        `${identity.name} is a ${identity.role}; this takes a ${role}`,
        'ask whoever keeps console.tokens for the role',
      );
    request.asker = identity;
  });
}

function identify({ headers, cookies }: FastifyRequest, tokens: Tokens, sessions: Sessions): Identity | null {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const token = /^Bearer (\S{1,500})$/i.exec(authorization)?.[1];
    return token === undefined ? null : tokens.identify(token);
  }
  const session = cookies[SESSION_COOKIE];
  return session === undefined ? null : sessions.find(session);
}
