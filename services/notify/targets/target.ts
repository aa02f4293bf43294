import type { Alert, AlertEvent } from '../../records/alert.ts';
import { dedupKey } from './text.ts';

/** What one target is asked to take: a POST with a JSON body. */
export interface TargetRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What a target was last told of an alert, as far as it decides how that alert is told again. */
export type Told = Pick<Alert, 'severity' | 'verdict'>;

export interface Telling {
  event: AlertEvent;
  /** Unique a message, the same whenever it is sent again. */
  messageId: string;
  /** null: this target was never told of the alert. */
  told: Told | null;
  /** Wall clock, milliseconds since the epoch. */
  now: number;
}

/** A place where people want to be told. `request` is pure. */
export interface Target {
  name: string;
  /** For people; never with a secret in it. */
  kind: string;
  allowPrivateAddress: boolean;
  request(telling: Telling): TargetRequest;
}

/**
 * The headers that every target gets. `idempotency-key` is the same for every attempt at a message. Of an id only what a header may hold: one with other letters
 * could not be sent at all, and would be tried until it is given up while everything behind it waits.
 */
export function jsonHeaders({ alert }: AlertEvent): Record<string, string> {
  return {
    'content-type': 'application/json',
    'idempotency-key': `${encodeURIComponent(dedupKey(alert))}/${alert.revision}`,
  };
}
