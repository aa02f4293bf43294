import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { AuditLog } from '../../feedback/audit.ts';
import { under } from '../../platform/under.ts';
import { crossSiteRefusal } from '../access/origin.ts';
import { cookieName, forgetSession, sessionIdOf } from '../access/session-cookie.ts';
import type { Sessions } from '../access/sessions.ts';
import type { PendingSignOn, SignOn } from '../access/sign-on.ts';
import { jsonSchema } from '../schema.ts';
import { openSession } from './session.ts';

/** Both right under /api, so that what they set is for all of it, wherever a proxy has that. */
const PATHS = { begin: '/api/sign-on', back: '/api/signed-on' } as const;

/** Where the provider sends browsers back to, which has to be registered there. */
export function signOnAddress(publicUrl: string): string {
  return under(publicUrl, PATHS.back);
}

/** `again`: though they may be known at the provider. */
const beginSchema = z.strictObject({ again: z.boolean().default(false) });

const PENDING = 'stillwatch_sign_on';
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

  const cookie = { httpOnly: true, sameSite: 'lax', secure: signOn.isOverTls } as const;
  const pendingCookie = cookieName(PENDING, signOn.isOverTls);

  const beginning = { ...schema, querystring: jsonSchema(beginSchema) };
  app.get<{ Querystring: z.infer<typeof beginSchema> }>(
    PATHS.begin,
    { config, schema: beginning },
    async (request, reply) => {
      // Who is still known at the provider comes back at once: a link on a page elsewhere must not log anybody in, but show the log-in.
      if (crossSiteRefusal(request.headers) !== null) return await toPage(reply, null);
      // The way back brings no strict cookie, so that the session that there was ends here.
      sessions.close(sessionIdOf(request));
      forgetSession(reply);
      try {
        const { address, pending } = await signOn.begin(request.query.again);
        return await reply
          // Lax: the browser comes back from elsewhere. Signed, so that no other page of the host makes one.
          .setCookie(pendingCookie, JSON.stringify(pending), { ...cookie, signed: true, maxAge: PATIENCE })
          .redirect(address);
      } catch (error) {
        log.warn({ err: error }, 'nobody can log in by single sign-on: the provider does not answer as it should');
        return await toPage(reply, 'away');
      }
    },
  );

  app.get(PATHS.back, { config, schema }, async (request, reply) => {
    const pending = pendingOf(request, pendingCookie);
    reply.setCookie(pendingCookie, '', { ...cookie, maxAge: 0 });
    if (pending === null) {
      log.warn('a browser came back from single sign-on that had not begun it here, or too long ago');
      return await toPage(reply, 'failed');
    }
    const query = request.url.slice(request.url.indexOf('?') + 1);
    const signedOn = await signOn.finish(query, pending).catch((error: unknown) => {
      log.warn({ err: error }, 'a log-in by single sign-on failed');
      return 'failed' as const;
    });
    if (signedOn === 'failed') return await toPage(reply, 'failed');
    if (signedOn === null) {
      log.warn('a log-in by single sign-on was refused: console.oidc_roles names no group of theirs');
      return await toPage(reply, 'no_role');
    }
    await openSession(request, reply, {
      ...signedOn,
      sessions,
      audit,
      by: 'single sign-on',
      isOverTls: signOn.isOverTls,
    });
    return await toPage(reply, null);
  });
}

function pendingOf(request: FastifyRequest, name: string): PendingSignOn | null {
  const { valid, value } = request.unsignCookie(request.cookies[name] ?? '');
  return valid && value !== null ? JSON.parse(value) : null;
}
