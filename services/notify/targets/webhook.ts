import { createHmac } from 'node:crypto';
import { cloudEvent } from './cloud-event.ts';
import { detectionFinding } from './ocsf.ts';
import { jsonHeaders, type Target, type TargetRequest, type Telling } from './target.ts';

export interface WebhookOptions {
  name: string;
  url: string;
  /** Signs each body when given. */
  secret: string | null;
  format: 'cloudevents' | 'ocsf';
  allowPrivateAddress: boolean;
}

/**
 * A CloudEvent in structured JSON, or an OCSF Detection Finding. With a secret, `Stillwatch-Signature` is `t=<unix seconds>,v1=<hex HMAC-SHA256 of
 * "<t>.<body>">`, made anew for each attempt: the receiver checks both the sender and the age.
 */
export function webhookTarget({ name, url, secret, format, allowPrivateAddress }: WebhookOptions): Target {
  return {
    name,
    kind: format === 'ocsf' ? 'webhook (OCSF)' : 'webhook',
    allowPrivateAddress,
    request: (telling) => webhookRequest(telling, { url, secret, format }),
  };
}

export function webhookRequest(
  { event, messageId, now }: Telling,
  { url, secret, format }: Pick<WebhookOptions, 'url' | 'secret' | 'format'>,
): TargetRequest {
  const body = JSON.stringify(format === 'ocsf' ? detectionFinding(event, messageId) : cloudEvent(event, messageId));
  const headers = jsonHeaders(event);
  if (format === 'cloudevents') headers['content-type'] = 'application/cloudevents+json';
  if (secret !== null) headers['stillwatch-signature'] = sign(body, secret, Math.floor(now / 1_000));
  return { url, headers, body };
}

export function sign(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
