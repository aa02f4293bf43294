import { clickHouseError } from './errors.ts';
import { identifier, quote } from './statement.ts';

/** URL parameters that are not settings. */
const RESERVED = new Set([
  'query',
  'database',
  'default_format',
  'user',
  'password',
  'quota_key',
  'session_id',
  'session_timeout',
  'session_check',
  'query_id',
  'role',
  'compress',
  'decompress',
  'buffer_size',
  'wait_end_of_query',
  'stacktrace',
  'client_protocol_version',
  'close_session',
]);

/** Settings and query parameters of a request. */
export function readSettings(parameters: URLSearchParams, queryId: string, readOnly: boolean): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (RESERVED.has(name)) continue;
    if (!/^\w+$/.test(name)) throw clickHouseError(115, 'UNKNOWN_SETTING', `Unknown setting '${name}'`);
    settings.set(name, value);
  }
  if (!settings.has('log_comment')) settings.set('log_comment', queryId);
  // Last, since nothing can be set after it.
  if (readOnly && !settings.has('readonly')) settings.set('readonly', '2');
  return settings;
}

/** What to run on a connection before the statement itself. */
export function preparation(
  settings: ReadonlyMap<string, string>,
  parameters: URLSearchParams,
  dirty: readonly string[],
): string[] {
  const statements: string[] = [];
  if (dirty.length > 0) statements.push(`SET ${dirty.map((name) => `${name}=DEFAULT`).join(', ')}`);
  const database = parameters.get('database');
  if (database !== null && database !== '') statements.push(`USE ${identifier(database)}`);
  for (const role of parameters.getAll('role')) statements.push(`SET ROLE ${identifier(role)}`);
  if (settings.size > 0) statements.push(...setStatements(settings));
  return statements;
}

export function settingNames(settings: ReadonlyMap<string, string>): string[] {
  return [...settings.keys()].filter((name) => !name.startsWith('param_'));
}

const LONG = 200_000;

/** Parameters travel as `SET param_x = ...`, which counts against max_query_size. */
function setStatements(settings: ReadonlyMap<string, string>): string[] {
  const sql = `SET ${[...settings].map(([name, value]) => `${name}=${quote(value)}`).join(', ')}`;
  if (sql.length < LONG) return [sql];
  return [
    'SET max_query_size=4000000000',
    sql,
    ...(settings.has('max_query_size') ? [] : ['SET max_query_size=DEFAULT']),
  ];
}
