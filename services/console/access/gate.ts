import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '../../platform/config/token-entry.ts';
import { refuse } from '../refusals.ts';
import type { Guesses } from './guesses.ts';
import { crossSiteRefusal, strangerRefusal } from './origin.ts';
import { sessionOf } from './session-cookie.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SignOn } from './sign-on.ts';
import { type Identity, mayActAs } from './tokens.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null where the console asks nobody who they are. */
    asker: Identity | null;
    /** By which they ask; null where they bring a token each time. */
    session: Session | null;
  }
  interface FastifyContextConfig {
    /** Who may use the route; viewers when it does not say. */
    role?: Role;
    /** For everybody: it shows no data. */
    isPublic?: boolean;
  }
}

export interface GateDeps {
  /** Who brings a token; null: the console is bound to the loopback and asks nobody who they are. */
  guesses: Guesses | null;
  sessions: Sessions;
}

/** All by which somebody may say who they are. */
export interface AccessDeps extends GateDeps {
  /** Null: there is no single sign-on. */
  signOn: SignOn | null;
}

/**
 * Decides for every request of the API, before anything else of it is looked at:
 *
 *   public route -> in
 *   no tokens and no single sign-on configured -> in from this machine, else 403
 *   bearer token -> its identity, else 401; 429 after too many wrong ones from its address
 *   session cookie -> its identity, else 401
 *   role too low -> 403 ; a change that a page from elsewhere asks for -> 403
 */
export function addGate(app: FastifyInstance, { guesses, sessions }: GateDeps): void {
  app.decorateRequest('asker', null);
  app.decorateRequest('session', null);
  app.addHook('onRequest', async (request, reply) => {
    const { role = 'viewer', isPublic = false } = request.routeOptions.config;
    const isChange = request.method !== 'GET' && request.method !== 'HEAD';
    const elsewhere = isChange ? crossSiteRefusal(request.headers) : null;
    if (elsewhere !== null) return await refuse(reply, 403, 'forbidden', elsewhere, 'ask from the page of the console');
    if (guesses === null) {
      const stranger = isPublic && !isChange ? null : strangerRefusal(request.ip, request.headers);
      if (stranger === null) return;
      const hint =
        'ask on the machine of the console or through a tunnel to it; or set console.tokens (`stillwatch console token` makes one)';
      return await refuse(reply, 403, 'forbidden', stranger, hint);
    }
    if (isPublic) return;
    if (request.headers.authorization === undefined) request.session = sessionOf(request, sessions);
    const identity = request.session?.identity ?? identify(request, guesses);
    if (typeof identity === 'number') return await refuseGuesser(reply, identity);
    if (identity === null)
      return await refuse(
        reply.header('www-authenticate', 'Bearer realm="stillwatch"'),
        401,
        'unauthorized',
        'nobody is logged in',
        'send `authorization: Bearer <token>`, or log in on the page',
      );
    request.asker = identity;
    if (!mayActAs(identity, role))
      return await refuse(
        reply,
        403,
        'forbidden',
        `${identity.name} is a ${identity.role}; this takes a ${role}`,
        'ask whoever keeps console.tokens, or the groups that console.oidc_roles names, for the role',
      );
  });
}

function identify({ headers, ip }: FastifyRequest, guesses: Guesses): Identity | null | number {
  const token = /^Bearer (\S{1,500})$/i.exec(headers.authorization ?? '')?.[1];
  return token === undefined ? null : guesses.identify(token, ip);
}

export async function refuseGuesser(reply: FastifyReply, wait: number): Promise<FastifyReply> {
  const seconds = Math.ceil(wait / 1_000);
  return await refuse(
    reply.header('retry-after', String(seconds)),
    429,
    'too_many',
    `too many wrong tokens came from this address: none is looked at for ${seconds} s`,
    'wait as long as Retry-After says; behind a proxy, see console.trusted_proxies',
  );
}
