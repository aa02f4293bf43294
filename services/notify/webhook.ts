import { createHmac } from 'node:crypto';
import type { AlertEvent } from '../records/alert.ts';

export type DeliveryOutcome = { kind: 'delivered' } | { kind: 'retry'; why: string } | { kind: 'refused'; why: string };

export interface Target {
  /** One attempt. Never throws. */
  deliver(event: AlertEvent, messageId: string): Promise<DeliveryOutcome>;
}

export interface WebhookOptions {
  url: string;
  /** Signs each body when given. */
  secret: string | null;
  fetch: typeof fetch;
  now(): number;
}

const TIMEOUT = 10_000;

/**
 * POSTs a CloudEvent in structured JSON. `Idempotency-Key` is the same for every attempt at a message. With a secret, `Stillwatch-Signature` is
 * `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`: the receiver checks both the sender and the age.
 */
export function createWebhookTarget({ url, secret, fetch, now }: WebhookOptions): Target {
  return {
    async deliver({ type, emitted_at, alert }, messageId) {
      const body = JSON.stringify({
        specversion: '1.0',
        id: messageId,
        source: '/stillwatch/clusters',
        type,
        subject: alert.alert_id,
        time: new Date(emitted_at).toISOString(),
        datacontenttype: 'application/json',
        data: alert,
      });
      const headers: Record<string, string> = {
        'content-type': 'application/cloudevents+json',
        'idempotency-key': `${alert.alert_id}/${alert.revision}`,
      };
      if (secret !== null) headers['stillwatch-signature'] = sign(body, secret, Math.floor(now() / 1_000));
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers,
          body,
          redirect: 'error',
          signal: AbortSignal.timeout(TIMEOUT),
        });
        await response.body?.cancel();
        return outcomeOf(response.status);
      } catch (error) {
        return { kind: 'retry', why: error instanceof Error ? error.name : 'no answer' };
      }
    },
  };
}

export function sign(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** What may pass by itself is tried again; what the receiver does not want is not. */
function outcomeOf(status: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const why = `HTTP ${status}`;
  return status === 408 || status === 429 || status >= 500 ? { kind: 'retry', why } : { kind: 'refused', why };
}
