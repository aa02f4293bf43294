import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

export interface LogOptions {
  service: string;
  level: string;
  /** auto: pretty on a terminal, else JSON. */
  format: 'auto' | 'json' | 'pretty';
  isTerminal: boolean;
  /** A text without any secret in it. */
  mask(text: string): string;
}

/** Never written, whoever passes them: prompt text, payment and credentials. */
const REDACTED = [
  'prompt_text',
  'payment_fingerprint',
  'password',
  'sasl_password',
  'authorization',
  'cookie',
  'token',
  'webhook_secret',
  'key',
].flatMap((name) => [name, `*.${name}`]);

/** To standard error: a command's standard output is its answer. What an error of somebody else's says may hold a secret: every line is masked whole. */
export function createLog({ service, level, format, isTerminal, mask }: LogOptions): Logger {
  const options = {
    level,
    base: { service },
    redact: { paths: REDACTED, censor: '••••' },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: mask },
  };
  const isPretty = format === 'pretty' || (format === 'auto' && isTerminal);
  return pino(
    options,
    isPretty
      ? pretty({ destination: 2, ignore: 'pid,hostname', sync: true })
      : pino.destination({ fd: 2, sync: false }),
  );
}
