import { createHmac } from 'node:crypto';
import { StillwatchError } from '../platform/errors.ts';
import type { AlertEvent } from '../records/alert.ts';

/** `retry`: may pass by itself. `refused`: the receiver will never take it; says why. */
export type DeliveryOutcome = 'delivered' | { retry: true; why: string } | { refused: string };

export interface Target {
  /** One attempt. Rejects only for a bug, never for anything that the receiver or the network did. */
  deliver(event: AlertEvent, messageId: string): Promise<DeliveryOutcome>;
}

export interface WebhookOptions {
  /** http or https, without credentials. */
  url: string;
  /** Signs each body when given. */
  secret: string | null;
  fetch: typeof fetch;
  /** Milliseconds since the epoch, for the signature's time. */
  now(): number;
}

const TIMEOUT = 10_000;
/** The same as `ce_source` on the topic: a CloudEvent is identified by source and id, and it is one event on both ways. */
const SOURCE = '/stillwatch/clusters';

/**
 * POSTs a CloudEvent in structured JSON. `Idempotency-Key` is the same for every attempt at a message. With a secret, `Stillwatch-Signature` is
 * `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`: the receiver checks both the sender and the age.
 * Throws CONFIG_INVALID for an address that could never be reached.
 */
export function createWebhookTarget({ url, secret, fetch, now }: WebhookOptions): Target {
  checkAddress(url);
  return {
    async deliver(event, messageId) {
      const { alert } = event;
      const body = cloudEvent(event, messageId);
      const headers: Record<string, string> = {
        'content-type': 'application/cloudevents+json',
        'idempotency-key': `${alert.alert_id}/${alert.revision}`,
      };
      if (secret !== null) headers['stillwatch-signature'] = sign(body, secret, Math.floor(now() / 1_000));
      let response: Response;
      try {
        response = await fetch(url, {
          method: 'POST',
          headers,
          body,
          // A redirected POST would become a GET without a body at 301 and 302, and could carry the alert to another host.
          redirect: 'manual',
          signal: AbortSignal.timeout(TIMEOUT),
        });
      } catch (error) {
        return { retry: true, why: reasonOf(error) };
      }
      const outcome = outcomeOf(response.status);
      // The status decides; the connection may break while the rest of the answer is thrown away.
      await response.body?.cancel().catch(() => undefined);
      return outcome;
    },
  };
}

export function sign(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

function cloudEvent({ type, emitted_at, alert }: AlertEvent, messageId: string): string {
  return JSON.stringify({
    specversion: '1.0',
    id: messageId,
    source: SOURCE,
    type,
    subject: alert.alert_id,
    time: new Date(emitted_at).toISOString(),
    datacontenttype: 'application/json',
    data: alert,
  });
}

/** A redirect is a wrong address in the configuration: the message waits until that is put right, rather than being given up. */
function outcomeOf(status: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return 'delivered';
  const why = `HTTP ${status}`;
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return { refused: why };
  return { retry: true, why: status < 400 ? `${why}: redirects are not followed, set the final address` : why };
}

/** `ECONNREFUSED` and the like from beneath fetch's own "fetch failed". Never the address: it may carry a token. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT / 1_000} s`;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}

function checkAddress(url: string): void {
  const parsed = URL.parse(url);
  const isHttp = parsed?.protocol === 'http:' || parsed?.protocol === 'https:';
  if (isHttp && parsed.username === '' && parsed.password === '') return;
  throw new StillwatchError(
    'CONFIG_INVALID',
    'notify.webhook_url is not an address that a webhook can be sent to',
    'give an http:// or https:// address without user and password in it; a token belongs into its path or query',
  );
}
