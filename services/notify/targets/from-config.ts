import { PLAIN_WEBHOOK, type SecretReference, type TargetConfig } from '../../platform/config/notify-schema.ts';
import type { Config } from '../../platform/config/schema.ts';
import { type SecretReader, secretOf } from '../../platform/config/secrets.ts';
import { StillwatchError } from '../../platform/errors.ts';
import { alertmanagerTarget } from './alertmanager.ts';
import { pagerDutyTarget } from './pagerduty.ts';
import { slackTarget } from './slack.ts';
import type { Target } from './target.ts';
import { webhookTarget } from './webhook.ts';

/** Every target of the configuration. Throws CONFIG_INVALID for a secret that is not there. */
export function targetsOf(config: Config, secret: SecretReader): Target[] {
  return targetNames(config).flatMap((name) => targetNamed(config, name, secret) ?? []);
}

export function targetNames({ notify }: Config): string[] {
  return [...notify.targets.map(({ name }) => name), ...(notify.webhook_url === '' ? [] : [PLAIN_WEBHOOK])];
}

/** null: there is none of that name. Reads the secrets of this one alone. */
export function targetNamed(config: Config, name: string, secret: SecretReader): Target | null {
  const { notify } = config;
  const consoleUrl = config.console.public_url;
  const listed = notify.targets.find((target) => target.name === name);
  if (listed !== undefined) return targetOf(listed, secret, consoleUrl);
  if (name !== PLAIN_WEBHOOK || notify.webhook_url === '') return null;
  const signing = secretOf(config, 'notify.webhook_secret');
  return webhookTarget({
    name,
    url: notify.webhook_url,
    secret: signing === '' ? null : signing,
    format: 'cloudevents',
    consoleUrl,
    allowPrivateAddress: notify.webhook_allow_private_address,
  });
}

function targetOf(target: TargetConfig, secret: SecretReader, consoleUrl: string): Target {
  const { name, allow_private_address: allowPrivateAddress } = target;
  const common = { name, allowPrivateAddress, consoleUrl };
  const optional = (reference: SecretReference | undefined) => (reference === undefined ? null : secret(reference));
  switch (target.type) {
    case 'alertmanager':
      return alertmanagerTarget({
        ...common,
        url: target.url,
        labels: target.labels,
        bearerToken: optional(target.bearer_token),
      });
    case 'pagerduty':
      return pagerDutyTarget({ ...common, url: target.url, routingKey: secret(target.routing_key) });
    case 'slack':
      return slackTarget({ ...common, url: secretAddress(name, secret(target.url)) });
    case 'webhook':
      return webhookTarget({
        ...common,
        url: typeof target.url === 'string' ? target.url : secretAddress(name, secret(target.url)),
        secret: optional(target.secret),
        format: target.format,
      });
  }
}

/** The schema could not look at it. */
function secretAddress(name: string, text: string): string {
  const url = URL.parse(text);
  if ((url?.protocol === 'http:' || url?.protocol === 'https:') && url.username === '' && url.password === '')
    return text;
  throw new StillwatchError(
    'CONFIG_INVALID',
    `the secret address of notify target ${name} is not one that a webhook can be sent to`,
    'put an http:// or https:// address, without user and password, into the secret',
  );
}
