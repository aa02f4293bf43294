import type { Delivery } from '../../records/delivery.ts';
import { dateTime } from './time.ts';

/** A row of deliveries: one for each message and target. */
export function deliveryRow({ emitted_at, delivered_at, ...delivery }: Delivery): Record<string, unknown> {
  return { ...delivery, emitted_at: dateTime(emitted_at), delivered_at: dateTime(delivered_at) };
}
