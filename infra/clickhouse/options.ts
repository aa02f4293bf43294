import { isIPv4 } from 'node:net';
import { parseArgs } from 'node:util';

export interface Options {
  path: string;
  host: string;
  port: number;
  user: string;
  password: string;
  memoryBytes: number;
  /** Null: everything. */
  grants: string[] | null;
  withParent: boolean;
}

export const USAGE = `The ClickHouse engine behind its HTTP interface, for development and tests.

  node infra/clickhouse/main.ts --path DIR [options]

  --path DIR           data; made when absent
  --port N             8123; 0 for a free one
  --host ADDRESS       127.0.0.1; loopback only, since SQL can read local files
  --user NAME          default
  --password PASSWORD  empty
  --memory-bytes N     what the engine may use; 2147483648 (2 GiB)
  --grant PRIVILEGES   all that a client may do, such as "SELECT ON db.*"; may be given again; everything when absent
  --with-parent        end when standard input closes
`;

/** Throws what is wrong, in one line. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      path: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8123' },
      user: { type: 'string', default: 'default' },
      password: { type: 'string', default: '' },
      'memory-bytes': { type: 'string', default: String(2 * 1024 ** 3) },
      grant: { type: 'string', multiple: true },
      'with-parent': { type: 'boolean', default: false },
    },
  });
  const { path, host, user, password } = values;
  if (path === undefined || path === '') throw new Error('--path is missing: name the folder for the data');
  if (!isLoopback(host))
    throw new Error(`--host ${host} is not a loopback address: SQL can read local files, so use 127.0.0.1 or ::1`);
  return {
    path,
    host,
    user,
    password,
    port: wholeNumber('--port', values.port, 0, 65_535),
    memoryBytes: wholeNumber('--memory-bytes', values['memory-bytes'], 128 * 1024 ** 2, Number.MAX_SAFE_INTEGER),
    grants: values.grant ?? null,
    withParent: values['with-parent'],
  };
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`${name} ${text} is not a whole number from ${least} to ${most}`);
}
