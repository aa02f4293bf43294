import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeToken } from '../../services/console/access/tokens.ts';
import { CLICKHOUSE_GRANTS, type ClickHouseGrant, grantOf } from '../../services/run/access/clickhouse-grants.ts';

/** `node infra/compose/secrets.ts`: makes the secrets that infra/compose.yaml mounts. Those that are there stay as they are. */
export const SECRETS_FOLDER = join(import.meta.dirname, 'secrets');
const DATABASE = 'stillwatch';

/** Users of ClickHouse with the least rights that do; Grafana reads. */
const USERS: Readonly<Record<string, readonly ClickHouseGrant[]>> = {
  sink: CLICKHOUSE_GRANTS.sink,
  console: CLICKHOUSE_GRANTS.console,
  notify: CLICKHOUSE_GRANTS.notify,
  grafana: [{ privileges: ['SELECT'], table: '*' }],
};

export interface Made {
  files: string[];
  /** For whoever opens the console: kept nowhere. */
  token: string;
}

/** Null when the folder has files already. */
export async function makeSecrets(folder: string): Promise<Made | null> {
  // The folder keeps others on this machine out; within the containers a file must be readable by whatever user is in there.
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if ((await readdir(folder)).length > 0) return null;
  const passwords = Object.fromEntries(Object.keys(USERS).map((user) => [user, password()]));
  const { token, entry } = makeToken('admin', 'admin');
  const files: Record<string, string> = {
    'hashing-key': password(),
    'notify-test-key': password(),
    'console-tokens': entry,
    'grafana-admin': password(),
    'clickhouse-users.xml': usersXml(passwords),
    ...Object.fromEntries(Object.entries(passwords).map(([user, secret]) => [`clickhouse-${user}`, secret])),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o444 });
  return { files: Object.keys(files), token };
}

function password(): string {
  return randomBytes(24).toString('base64url');
}

function usersXml(passwords: Readonly<Record<string, string>>): string {
  const users = Object.entries(USERS).map(([name, grants]) => {
    const hash = createHash('sha256')
      .update(passwords[name] ?? '')
      .digest('hex');
    const queries = grants.map((grant) => `                <query>GRANT ${grantOf(grant, DATABASE)}</query>`);
    return `        <${name}>
            <password_sha256_hex>${hash}</password_sha256_hex>
            <networks><ip>::/0</ip></networks>
            <profile>${name === 'grafana' ? 'reading' : 'default'}</profile>
            <quota>default</quota>
            <grants>
${queries.join('\n')}
            </grants>
        </${name}>`;
  });
  return `<clickhouse>
    <profiles>
        <!-- 2: may set what Grafana sets for each query. -->
        <reading><readonly>2</readonly><max_execution_time>30</max_execution_time></reading>
    </profiles>
    <users>
        <default remove="remove"/>
${users.join('\n')}
    </users>
</clickhouse>
`;
}

if (import.meta.main) {
  const made = await makeSecrets(SECRETS_FOLDER);
  console.log(
    made === null
      ? `${SECRETS_FOLDER} has secrets already: delete the folder for new ones`
      : `Made ${made.files.join(', ')} in ${SECRETS_FOLDER}\nToken for the console (role admin), shown once: ${made.token}`,
  );
}
