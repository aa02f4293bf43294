import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session, Sessions } from './sessions.ts';

const SESSION = 'stillwatch_session';

/**
 * What a cookie is called. A browser takes one of the prefix over TLS only, and lets nothing in the clear write over it. `__Host-` would be for the whole host,
 * and so hand the session to whatever else a proxy has there.
 */
export function cookieName(name: string, isOverTls: boolean): string {
  return isOverTls ? `__Secure-${name}` : name;
}

/** The id that the browser brings, or nothing. Where TLS is known to be in use, what was set without it does not count. */
export function sessionIdOf({ cookies, protocol }: FastifyRequest): string {
  const secure = cookies[cookieName(SESSION, true)];
  return secure ?? (protocol === 'https' ? '' : (cookies[cookieName(SESSION, false)] ?? ''));
}

/** By which the browser asks; null when it has none. */
export function sessionOf(request: FastifyRequest, sessions: Sessions): Session | null {
  return sessions.find(sessionIdOf(request), request.ip);
}

/** Without a path it is for the API, wherever a proxy has that, and for nothing else on the host. `lifetime` in seconds. */
export function keepSession(reply: FastifyReply, id: string, isOverTls: boolean, lifetime: number): FastifyReply {
  const options = { httpOnly: true, sameSite: 'strict', secure: isOverTls, maxAge: lifetime } as const;
  return reply.setCookie(cookieName(SESSION, isOverTls), id, options);
}

export function forgetSession(reply: FastifyReply): FastifyReply {
  return keepSession(keepSession(reply, '', true, 0), '', false, 0);
}
