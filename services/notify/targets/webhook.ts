import { sign } from '../../platform/signature.ts';
import { cloudEvent } from './cloud-event.ts';
import { detectionFinding } from './ocsf.ts';
import { jsonHeaders, type Target, type TargetRequest, type Telling } from './target.ts';
import { consoleLink } from './text.ts';

export interface WebhookOptions {
  name: string;
  url: string;
  /** Signs each body when given. */
  secret: string | null;
  format: 'cloudevents' | 'ocsf';
  /** The console's, for links to it; none when empty. */
  consoleUrl: string;
  allowPrivateAddress: boolean;
}

/**
 * A CloudEvent in structured JSON, or an OCSF Detection Finding. With a secret, `Stillwatch-Signature` is `t=<unix seconds>,v1=<hex HMAC-SHA256 of
 * "<t>.<body>">`, made anew for each attempt: the receiver checks both the sender and the age.
 */
export function webhookTarget({ name, allowPrivateAddress, ...options }: WebhookOptions): Target {
  return {
    name,
    kind: options.format === 'ocsf' ? 'webhook (OCSF)' : 'webhook',
    allowPrivateAddress,
    request: (telling) => webhookRequest(telling, options),
  };
}

export function webhookRequest(
  { event, messageId, now }: Telling,
  { url, secret, format, consoleUrl }: Omit<WebhookOptions, 'name' | 'allowPrivateAddress'>,
): TargetRequest {
  const link = consoleLink(consoleUrl, event.alert);
  const body = JSON.stringify((format === 'ocsf' ? detectionFinding : cloudEvent)(event, messageId, link));
  const headers = jsonHeaders(event);
  if (format === 'cloudevents') headers['content-type'] = 'application/cloudevents+json';
  if (secret !== null) headers['stillwatch-signature'] = sign(body, secret, Math.floor(now / 1_000));
  return { url, headers, body };
}
