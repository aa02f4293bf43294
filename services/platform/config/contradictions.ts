import { isLoopback } from '../loopback.ts';
import { type Config, SECRETS } from './schema.ts';
import { secretSetting } from './secrets.ts';

/** What is wrong between settings that are each right by themselves. `isSet`: somebody gave it a value. */
export function contradictions(config: Config, isSet: (setting: string) => boolean): string[] {
  const found: string[] = [];
  for (const setting of SECRETS)
    if (isSet(setting) && isSet(`${setting}_file`))
      found.push(`${setting} and ${setting}_file are both set: leave one out`);
  const { sasl_mechanism, sasl_username } = config.kafka;
  const password = secretSetting(config, 'kafka.sasl_password');
  if (sasl_mechanism !== 'none' && (sasl_username === '' || (password.value === '' && password.file === '')))
    found.push(
      `kafka.sasl_mechanism is ${sasl_mechanism}, but kafka.sasl_username is empty, or both of kafka.sasl_password and kafka.sasl_password_file are`,
    );
  const encrypted = {
    kafka: config.kafka.ssl ? null : 'kafka.ssl is not true',
    clickhouse: isHttps(config.clickhouse.url) ? null : 'clickhouse.url is not https',
    schema_registry: isHttps(config.schema_registry.url) ? null : 'schema_registry.url is not https',
  };
  for (const section of ['kafka', 'clickhouse', 'schema_registry'] as const) {
    const { ssl_ca_file, ssl_cert_file, ssl_key_file } = config[section];
    const plain = encrypted[section];
    if (plain !== null && `${ssl_ca_file}${ssl_cert_file}${ssl_key_file}` !== '')
      found.push(`${section} has files for TLS, but ${plain}`);
    if ((ssl_cert_file === '') !== (ssl_key_file === ''))
      found.push(`${section}.ssl_cert_file and ${section}.ssl_key_file belong together: one of them is empty`);
  }
  const previous = secretSetting(config, 'hashing.previous_key');
  if ((previous.value === '' && previous.file === '') !== (config.hashing.rotated_at === ''))
    found.push(
      'hashing.rotated_at belongs to hashing.previous_key (or hashing.previous_key_file): one without the other is set',
    );
  const { oidc_issuer, oidc_client_id, oidc_roles, public_url } = config.console;
  if (oidc_issuer !== '') {
    const missing = Object.entries({ oidc_client_id, oidc_roles, public_url }).filter(([, value]) => value === '');
    for (const [name] of missing) found.push(`console.oidc_issuer is set, but console.${name} is empty`);
    if (!isHttps(oidc_issuer) && !isLoopback(new URL(oidc_issuer).hostname))
      found.push('console.oidc_issuer is not https: who logs in there could be anybody');
  }
  return found;
}

function isHttps(url: string): boolean {
  return url.startsWith('https:');
}
