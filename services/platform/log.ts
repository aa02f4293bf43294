import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

export interface LogOptions {
  service: string;
  level: string;
  /** auto: pretty on a terminal, else JSON. */
  format: 'auto' | 'json' | 'pretty';
  isTerminal: boolean;
}

/** Never written, whoever passes them: prompt text, payment and credentials. */
const REDACTED = ['prompt_text', 'payment_fingerprint', 'password', 'authorization', 'webhook_secret', 'key'].flatMap(
  (name) => [name, `*.${name}`],
);

/** To standard error: a command's standard output is its answer. */
export function createLog({ service, level, format, isTerminal }: LogOptions): Logger {
  const options = {
    level,
    base: { service },
    redact: { paths: REDACTED, censor: '••••' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const isPretty = format === 'pretty' || (format === 'auto' && isTerminal);
  return pino(
    options,
    isPretty
      ? pretty({ destination: 2, ignore: 'pid,hostname', sync: true })
      : pino.destination({ fd: 2, sync: false }),
  );
}
