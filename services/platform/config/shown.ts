import { MASK } from './known-secrets.ts';
import type { TargetConfig } from './notify-schema.ts';
import { type Config, SECRETS, URLS } from './schema.ts';

export function isSecret(path: string): boolean {
  return SECRETS.some((secret) => secret === path);
}

/** A setting's value as a person may see it, and send it to another. */
export function shown(path: string, value: unknown): unknown {
  if (isSecret(path)) return value === '' ? '' : MASK;
  if (isTargets(path, value)) return value.map(shownTarget);
  if (!URLS.has(path) || typeof value !== 'string' || value === '') return value;
  return shownAddress(value, path === 'notify.webhook_url');
}

function isTargets(path: string, value: unknown): value is Config['notify']['targets'] {
  return path === 'notify.targets' && Array.isArray(value);
}

function shownTarget(target: TargetConfig): TargetConfig {
  return target.type === 'webhook' && typeof target.url === 'string'
    ? { ...target, url: shownAddress(target.url, true) }
    : target;
}

/** Whom and where, never the password nor a query, in which tokens travel; of a webhook not the path either, which often is one. */
function shownAddress(address: string, isWebhook: boolean): string {
  const { protocol, username, password, host, pathname, search } = new URL(address);
  const user = username === '' && password === '' ? '' : `${username}${password === '' ? '' : `:${MASK}`}@`;
  const path = isWebhook && pathname !== '/' ? `/${MASK}` : pathname;
  return `${protocol}//${user}${host}${path}${search === '' ? '' : `?${MASK}`}`;
}
