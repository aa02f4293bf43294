import type { Closer } from '../platform/shutdown.ts';

/** A service as the command line runs it. */
export interface Service {
  start(): Promise<void>;
  ready: Readonly<Record<string, () => boolean>>;
  status(): Record<string, unknown>;
  /** In the order in which they must be closed. */
  closers: readonly Closer[];
}
