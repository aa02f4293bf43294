import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import { printable, printableLine } from './printable.ts';

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

/** In a line of JSON; one of a backslash is there so that what follows it is not taken for another. */
const ESCAPES = /\\(?:\\|u[0-9a-f]{4}|[bfr])/g;
/** What makes lines pretty takes escapes for the characters that they are of: of those that would steer a terminal it gets the escape as text. */
const keptEscape = (found: string): string => (found === '\\\\' ? found : `\\${found}`);
/** A line is a message's own: what somebody else's text in it begins would look like the next one. */
const message = (line: Record<string, unknown>, key: string): string => printableLine(String(line[key] ?? ''));

/** To standard error: a command's standard output is its answer. What an error of somebody else's says may hold a secret: every line is masked whole. */
export function createLog({ service, level, format, isTerminal, mask }: LogOptions): Logger {
  const isPretty = format === 'pretty' || (format === 'auto' && isTerminal);
  const options = {
    level,
    base: { service },
    redact: { paths: REDACTED, censor: '••••' },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: {
      streamWrite(line: string) {
        const shown = printable(mask(line));
        return isPretty ? shown.replace(ESCAPES, keptEscape) : shown;
      },
    },
  };
  return pino(
    options,
    isPretty
      ? pretty({ destination: 2, ignore: 'pid,hostname', sync: true, messageFormat: message })
      : pino.destination({ fd: 2, sync: false }),
  );
}
