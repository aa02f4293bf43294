import { messageOf, StillwatchError } from './errors.ts';
import { explainTls, tlsTrouble } from './tls-errors.ts';

/** What ClickHouse itself says of whom it does not let in: REQUIRED_PASSWORD, UNKNOWN_USER, WRONG_PASSWORD, AUTHENTICATION_FAILED. */
const NOT_LET_IN = new Set(['192', '193', '194', '516']);
const ACCESS_DENIED = '497';

/** Why a first question was not answered, as what, where and what to do. */
export function explainClickHouse(error: unknown, { host, user }: { host: string; user: string }): StillwatchError {
  const where = `ClickHouse at ${host}`;
  const tls = tlsTrouble(error);
  if (tls !== null) {
    const { what, hint } = explainTls(tls, 'clickhouse', 'name its TLS port, or write http:// in CLICKHOUSE_URL');
    return new StillwatchError('CLICKHOUSE_UNREACHABLE', `no TLS with ${where}: ${what}`, hint, error);
  }
  const code = codeOf(error);
  if (NOT_LET_IN.has(code))
    return new StillwatchError(
      'CLICKHOUSE_REFUSED',
      `${where} does not let user ${user} in`,
      'check the user and password in CLICKHOUSE_URL, or clickhouse.username and clickhouse.password or the file in clickhouse.password_file',
      error,
    );
  if (code === ACCESS_DENIED)
    return new StillwatchError(
      'CLICKHOUSE_REFUSED',
      `${where} does not grant user ${user} what is needed: ${messageOf(error)}`,
      '`stillwatch access clickhouse` prints what each service needs',
      error,
    );
  return new StillwatchError(
    'CLICKHOUSE_UNREACHABLE',
    `${where} does not answer: ${messageOf(error)}`,
    'check CLICKHOUSE_URL (https:// where it wants TLS), or start one with `node infra/clickhouse/main.ts`',
    error,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
