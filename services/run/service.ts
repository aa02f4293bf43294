import type { HealthAction } from '../platform/health.ts';
import type { Closer } from '../platform/shutdown.ts';

/** A service as the command line runs it. */
export interface Service {
  start(): Promise<void>;
  ready: Readonly<Record<string, () => boolean>>;
  status(): Record<string, unknown>;
  /** What other services may ask for, at its health server. */
  actions?: Readonly<Record<string, HealthAction>>;
  /** In the order in which they must be closed. */
  closers: readonly Closer[];
}
