/** Every error that a person can mend has a code, here. */
export const ERRORS = {
  CONFIG_INVALID: 'the configuration has errors',
  KAFKA_UNREACHABLE: 'Kafka does not answer',
  KAFKA_UNTRUSTED: 'TLS with Kafka does not come about',
  KAFKA_UNAUTHENTICATED: 'Kafka does not know us',
  KAFKA_FORBIDDEN: 'Kafka does not grant us a right that is needed',
  CLICKHOUSE_UNREACHABLE: 'ClickHouse does not answer',
  CLICKHOUSE_REFUSED: 'ClickHouse does not let us in, or not do what is needed',
  REGISTRY_UNREACHABLE: 'the schema registry does not answer',
  REGISTRY_REFUSED: 'the schema registry does not let us in, or not do what is needed',
  RULES_INVALID: 'the rule file has errors',
  NOT_FOUND: 'there is no such thing',
  FILE_UNREADABLE: 'a file cannot be read',
  FILE_UNWRITABLE: 'a file cannot be written',
  PORT_TAKEN: 'a port is taken',
  STATE_FATAL: 'the state cannot be trusted',
  TOOL_MISSING: 'a tool is missing',
  UNAUDITED: 'a change cannot be written down',
  OVERTAKEN: 'somebody else has taken over',
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** What, where, and what to do about it. */
export class StillwatchError extends Error {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;

  constructor(code: ErrorCode, what: string, hint: string, cause?: unknown) {
    super(`${what}. What to do: ${hint}`, cause === undefined ? undefined : { cause });
    this.name = 'StillwatchError';
    this.code = code;
    this.what = what;
    this.hint = hint;
  }
}

/** For a message to a person: no stack, no secrets. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
