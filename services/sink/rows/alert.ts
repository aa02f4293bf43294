import type { AlertEvent } from '../../records/alert.ts';
import { dateTime } from './time.ts';

/** A row of alerts: one for each revision. */
export function alertRow({ type, emitted_at, alert }: AlertEvent): Record<string, unknown> {
  return {
    ...alert,
    type,
    emitted_at: dateTime(emitted_at),
    opened_at: dateTime(alert.opened_at),
    updated_at: dateTime(alert.updated_at),
    first_seen: dateTime(alert.first_seen),
    last_seen: dateTime(alert.last_seen),
    signatures: JSON.stringify(alert.signatures),
    linking_evidence: JSON.stringify(alert.linking_evidence),
  };
}
