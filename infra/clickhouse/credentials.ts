import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { clickHouseError } from './errors.ts';

export interface Credentials {
  user: string;
  password: string;
}

/** Basic authentication, X-ClickHouse-User and -Key, or ?user= and ?password=, in this order. Throws ClickHouse's own refusal. */
export function authenticate(request: IncomingMessage, parameters: URLSearchParams, expected: Credentials): void {
  const given = givenBy(request, parameters);
  if (given.user === expected.user && same(given.password, expected.password)) return;
  throw clickHouseError(
    516,
    'AUTHENTICATION_FAILED',
    `${given.user}: Authentication failed: password is incorrect, or there is no user with such name.`,
  );
}

function givenBy(request: IncomingMessage, parameters: URLSearchParams): Credentials {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [user = '', ...rest] = Buffer.from(basic, 'base64').toString().split(':');
    return { user, password: rest.join(':') };
  }
  return {
    user: header(request, 'x-clickhouse-user') ?? parameters.get('user') ?? 'default',
    password: header(request, 'x-clickhouse-key') ?? parameters.get('password') ?? '',
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
