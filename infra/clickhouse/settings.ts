import { clickHouseError } from './errors.ts';
import { identifier, quote } from './quote.ts';

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

/** Settings and query parameters of a request, which carries its query id as log_comment: by this it can be killed. */
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

/** What to run on a connection before the statement itself. `undo` names the settings that an earlier request left there. */
export function preparation(
  settings: ReadonlyMap<string, string>,
  parameters: URLSearchParams,
  undo: readonly string[],
): string[] {
  const statements: string[] = [];
  if (undo.length > 0) statements.push(`SET ${undo.map((name) => `${name}=DEFAULT`).join(', ')}`);
  const database = parameters.get('database');
  if (database !== null && database !== '') statements.push(`USE ${identifier(database)}`);
  for (const role of parameters.getAll('role')) statements.push(`SET ROLE ${identifier(role)}`);
  return [...statements, ...setStatements(settings)];
}

/** What a later request of the same session must undo. */
export function settingNames(settings: ReadonlyMap<string, string>): string[] {
  const names = [...settings.keys()].filter((name) => !name.startsWith('param_'));
  return setStatements(settings).length > 1 ? [...names, 'max_query_size'] : names;
}

/** Bytes. ClickHouse's own default of max_query_size is 262,144. */
const LONG = 200_000;

/** Parameters travel as `SET param_x = ...`, which counts against max_query_size. */
function setStatements(settings: ReadonlyMap<string, string>): string[] {
  const sql = `SET ${[...settings].map(([name, value]) => `${name}=${quote(value)}`).join(', ')}`;
  return Buffer.byteLength(sql) < LONG ? [sql] : ['SET max_query_size=4000000000', sql];
}
