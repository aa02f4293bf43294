import type { SecretReference } from './notify-schema.ts';
import { type Config, SECRETS } from './schema.ts';
import { type SecretReader, secretOf } from './secrets.ts';
import { decodedUserInfo } from './user-info.ts';

/** Shorter ones are left alone: masking every "ab" would garble a log and hide nothing. */
const SHORTEST_MASKED = 6;
export const MASK = '••••';

/** Every secret that this process can see, to be looked for in what it writes. What it cannot read it cannot give away. */
export function knownSecrets(config: Config, read: SecretReader): string[] {
  const found = SECRETS.map((setting) => readable(() => secretOf(config, setting)));
  for (const url of [config.clickhouse.url, config.schema_registry.url, config.notify.webhook_url]) {
    const parsed = URL.parse(url);
    if (parsed !== null) found.push(parsed.password, decodedUserInfo(parsed.password));
  }
  // The address of a webhook may carry its token.
  found.push(config.notify.webhook_url);
  for (const target of config.notify.targets)
    if (target.type === 'webhook' && typeof target.url === 'string') found.push(target.url);
  for (const target of config.notify.targets)
    for (const value of Object.values(target)) if (isReference(value)) found.push(readable(() => read(value)));
  const long = new Set(found.filter((secret) => secret.length >= SHORTEST_MASKED));
  // The longest first: one secret may be a part of another.
  return [...long].sort((a, b) => b.length - a.length);
}

/** A text without the secrets in it, however they were written down: plain, in JSON, in a URL. */
export function createMask(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.flatMap((secret) => [
    ...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]),
  ]);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, MASK), text);
}

function isReference(value: unknown): value is SecretReference {
  return typeof value === 'object' && value !== null && ('env' in value || 'file' in value);
}

function readable(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
