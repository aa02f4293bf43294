import type { FastifyRequest } from 'fastify';
import type { AuditEntry, AuditLog } from '../feedback/audit.ts';
import type { Refusal } from './refusals.ts';

/** Thrown by a route; answered as it says. */
export class Refused extends Error {
  readonly statusCode: number;
  readonly error: Refusal['error'];
  readonly hint: string;

  constructor(statusCode: number, error: Refusal['error'], what: string, hint: string) {
    super(what);
    this.statusCode = statusCode;
    this.error = error;
    this.hint = hint;
  }
}

/** Says who changes what, in the audit log, before it is changed. Resolves with the author's name. */
export type BeginChange = (
  request: FastifyRequest,
  by: string | undefined,
  change: Pick<AuditEntry, 'action' | 'target' | 'detail'>,
) => Promise<string>;

export function createBeginChange(audit: AuditLog): BeginChange {
  return async (request, by, change) => {
    const { asker, ip } = request;
    const author = asker?.name ?? by;
    if (author === undefined)
      throw new Refused(400, 'bad_request', 'nobody says who does this', 'send "by" with a name');
    if (asker !== null && by !== undefined && by !== asker.name)
      throw new Refused(
        400,
        'bad_request',
        `this token is ${asker.name}'s, not ${by}'s`,
        'leave "by" out: it is known',
      );
    const detail = asker?.subject === undefined ? change.detail : { ...change.detail, subject: asker.subject };
    await audit.record({ author, role: asker?.role ?? '', address: ip, ...change, detail });
    return author;
  };
}
