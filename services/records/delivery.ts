import type { Alert } from './alert.ts';

/**
 * A target of notify took an alert message: one for each message and target, written with the offset that says so. Its body is not repeated: it is on the alert
 * topic. Topic `stillwatch.deliveries`.
 */
export interface Delivery
  extends Pick<Alert, 'alert_id' | 'revision' | 'subject_type' | 'subject_id' | 'status' | 'severity'> {
  target: string;
  /** With `offset`: place of the message on the alert topic. */
  partition: number;
  offset: number;
  /** Since the process began with the message: those before a crash are not counted. */
  attempts: number;
  http_status: number;
  /** When the message was published, milliseconds. */
  emitted_at: number;
  /** When the target took it, by the clock of notify, milliseconds. */
  delivered_at: number;
}
