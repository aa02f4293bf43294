import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What this interface itself does for a client with more rights than the statement says: data of an INSERT goes through a file, and what is running is looked up
 * to be killed.
 */
const OWN = ['READ ON FILE', 'CREATE TEMPORARY TABLE ON *.*', 'KILL QUERY ON *.*', 'SELECT ON system.*'];

/**
 * Arguments of an engine whose user may do only what `grants` say (`SELECT ON db.table`). The engine knows one user, who may do everything; its configuration
 * can say otherwise, and has to be a file.
 */
export function grantArguments(folder: string, grants: readonly string[]): string[] {
  mkdirSync(folder, { recursive: true });
  const users = join(folder, 'users.xml');
  const config = join(folder, 'config.xml');
  const queries = [...OWN, ...grants].map((grant) => `<query>GRANT ${escaped(grant)}</query>`).join('');
  writeFileSync(
    users,
    `<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users><default><password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota><grants>${queries}</grants></default></users></clickhouse>`,
  );
  writeFileSync(config, `<clickhouse><users_config>${escaped(users)}</users_config></clickhouse>`);
  return [`--config-file=${config}`];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
