import type {} from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { AuditLog } from '../../feedback/audit.ts';
import { under } from '../../platform/under.ts';
import type { Sessions } from '../access/sessions.ts';
import type { PendingSignOn, SignOn } from '../access/sign-on.ts';
import { openSession } from './session.ts';

/** Both right under /api, so that what they set is for all of it, wherever a proxy has that. */
const PATHS = { begin: '/api/sign-on', back: '/api/signed-on' } as const;

/** Where the provider sends browsers back to, which has to be registered there. */
export function signOnAddress(publicUrl: string): string {
  return under(publicUrl, PATHS.back);
}

const PENDING_COOKIE = 'stillwatch_sign_on';
/** Seconds that somebody may take at the provider. */
const PATIENCE = 600;

export interface SignOnDeps {
  signOn: SignOn;
  sessions: Sessions;
  audit: AuditLog;
  log: Logger;
}

/**
 * Logging in at a provider. Where it fails the page says so, which a browser can show, and the log says why, which a stranger must not read:
 *
 *   /api/sign-on --provider--> /api/signed-on --> the page, logged in
 *         |                          |
 *         +--away--> ?sign_on=away   +--not theirs, or not from here--> ?sign_on=failed ; no role--> ?sign_on=no_role
 */
export function addSignOn(app: FastifyInstance, { signOn, sessions, audit, log }: SignOnDeps): void {
  const config = { isPublic: true };
  const schema = { hide: true };
  // Relative, as everything of the page: both paths are one below where it is.
  const toPage = (reply: FastifyReply, why: string | null): FastifyReply =>
    reply.redirect(why === null ? '../' : `../?sign_on=${why}`);

  app.get(PATHS.begin, { config, schema }, async (_, reply) => {
    try {
      const { address, pending } = await signOn.begin();
      return await keepPending(reply, pending, signOn.isOverTls).redirect(address);
    } catch (error) {
      log.warn({ err: error }, 'nobody can log in by single sign-on: the provider does not answer as it should');
      return await toPage(reply, 'away');
    }
  });

  app.get(PATHS.back, { config, schema }, async (request, reply) => {
    const pending = pendingOf(request);
    reply.setCookie(PENDING_COOKIE, '', { httpOnly: true, sameSite: 'lax', maxAge: 0 });
    if (pending === null) {
      log.warn('a browser came back from single sign-on that had not begun it here, or too long ago');
      return await toPage(reply, 'failed');
    }
    const query = request.url.slice(request.url.indexOf('?') + 1);
    const identity = await signOn.finish(query, pending).catch((error: unknown) => {
      log.warn({ err: error }, 'a log-in by single sign-on failed');
      return 'failed' as const;
    });
    if (identity === 'failed') return await toPage(reply, 'failed');
    if (identity === null) {
      log.warn('a log-in by single sign-on was refused: console.oidc_roles names no group of theirs');
      return await toPage(reply, 'no_role');
    }
    await openSession(request, reply, {
      identity,
      sessions,
      audit,
      by: 'single sign-on',
      isOverTls: signOn.isOverTls,
    });
    return await toPage(reply, null);
  });
}

/** Lax: the browser comes back from elsewhere. Signed, so that no other page of the host makes one. */
function keepPending(reply: FastifyReply, pending: PendingSignOn, secure: boolean): FastifyReply {
  const options = { httpOnly: true, sameSite: 'lax', secure, signed: true, maxAge: PATIENCE } as const;
  return reply.setCookie(PENDING_COOKIE, JSON.stringify(pending), options);
}

function pendingOf(request: FastifyRequest): PendingSignOn | null {
  const { valid, value } = request.unsignCookie(request.cookies[PENDING_COOKIE] ?? '');
  return valid && value !== null ? JSON.parse(value) : null;
}
