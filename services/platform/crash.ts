import type { Logger } from 'pino';

/** The part of `process` that is needed, so that a test can stand in for it. */
export interface CrashingProcess {
  on(event: 'uncaughtException', listener: (error: unknown) => void): unknown;
  exit(code: number): void;
  /** Diagnostic reports, which Node writes of itself when it is told to; with the whole environment unless it is told not to. */
  report?: { excludeEnv?: boolean };
}

/** A defect ends the process as it would have, but in the words of the log, which hold no secret: Node prints an error as it is. */
export function endOnDefect(host: CrashingProcess, log: Logger): void {
  if (host.report !== undefined) host.report.excludeEnv = true;
  host.on('uncaughtException', (err) => {
    log.fatal({ err }, 'a defect: this process ends');
    host.exit(1);
  });
}

/** The same error with its message masked; it is what a command prints at its end. */
export function masked(error: unknown, mask: (text: string) => string): unknown {
  if (error instanceof Error) error.message = mask(error.message);
  return error;
}
