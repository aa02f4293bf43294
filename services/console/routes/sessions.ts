import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SESSION_RECENT, type Session, type Sessions } from '../access/sessions.ts';
import { personOf } from '../access/tokens.ts';
import { type BeginChange, Refused } from '../changes.ts';
import { routeSchema } from '../schema.ts';
import { type EndedSessions, endedSessions, type SessionList, sessionList } from '../schemas/access.ts';

const oneSchema = z.strictObject({ session_id: z.string().min(1).max(100) });
const personSchema = z.strictObject({ name: z.string().min(1).max(100) });
const tags = ['access'];

export interface SessionsDeps {
  sessions: Sessions;
  begin: BeginChange;
  now(): number;
}

/** Who is logged in with which browser, and the end of it: of one's own for everybody, of anybody's for an admin. */
export function addSessions(app: FastifyInstance, { sessions, begin, now }: SessionsDeps): void {
  const mayEnd = ({ asker, session }: FastifyRequest): boolean => {
    if (session === null) return asker !== null;
    return session.authenticated !== null && session.authenticated > now() - SESSION_RECENT;
  };
  const end = async (request: FastifyRequest, chosen: readonly Session[]): Promise<EndedSessions> => {
    const [first] = chosen;
    if (first === undefined) return { ended: 0 };
    if (!mayEnd(request))
      throw new Refused(
        403,
        'forbidden',
        `who ends sessions must have said who they are within ${SESSION_RECENT / 60_000} minutes`,
        'log in again; or send `authorization: Bearer <token>`',
      );
    const handles = chosen.map(({ handle }) => handle);
    const { name } = first.identity;
    await begin(request, undefined, { action: 'end sessions', target: name, detail: { sessions: handles.length } });
    sessions.end(handles);
    return { ended: handles.length };
  };

  app.get(
    '/api/sessions',
    { schema: routeSchema({ summary: 'Who is logged in with a browser', tags, answer: sessionList }) },
    async (request): Promise<SessionList> => ({
      sessions: sessions
        .list()
        .filter((session) => isOwn(request, session) || request.asker?.role === 'admin')
        .sort((a, b) => b.used - a.used)
        .map((session) => ({
          session_id: session.handle,
          is_this: session.handle === request.session?.handle,
          is_own: isOwn(request, session),
          name: session.identity.name,
          role: session.identity.role,
          by: session.by,
          began_at_ms: session.began,
          used_at_ms: session.used,
          address: session.address,
          browser: session.browser,
        })),
      may_end: mayEnd(request),
    }),
  );

  app.delete(
    '/api/sessions',
    {
      config: { role: 'viewer' },
      schema: routeSchema({ summary: "End all others of one's own", tags, answer: endedSessions }),
    },
    async (request) => {
      const others = sessions.list().filter(({ handle }) => handle !== request.session?.handle);
      return await end(
        request,
        others.filter((session) => isOwn(request, session)),
      );
    },
  );

  app.delete<{ Params: z.infer<typeof oneSchema> }>(
    '/api/sessions/:session_id',
    {
      config: { role: 'viewer' },
      schema: routeSchema({
        summary: "End one of one's own; an admin may end anybody's",
        tags,
        params: oneSchema,
        answer: endedSessions,
      }),
    },
    async (request) => {
      const found = sessions.list().find(({ handle }) => handle === request.params.session_id);
      if (found === undefined || !(isOwn(request, found) || request.asker?.role === 'admin'))
        throw new Refused(404, 'not_found', 'there is no session of that id', 'GET /api/sessions lists them');
      return await end(request, [found]);
    },
  );

  app.delete<{ Params: z.infer<typeof personSchema> }>(
    '/api/people/:name/sessions',
    {
      config: { role: 'admin' },
      schema: routeSchema({
        summary: 'End all of somebody of that name, such as who has left',
        tags,
        params: personSchema,
        answer: endedSessions,
      }),
    },
    async (request) => {
      const theirs = sessions.list().filter(({ identity }) => identity.name === request.params.name);
      return await end(request, theirs);
    },
  );
}

function isOwn({ asker }: FastifyRequest, { identity }: Session): boolean {
  return asker !== null && personOf(asker) === personOf(identity);
}
