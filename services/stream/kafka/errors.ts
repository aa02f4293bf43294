/** The task must not go on, and a retry would not help: a person has to decide. */
export class FatalStateError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(`${message}. What to do: ${hint}`);
    this.name = 'FatalStateError';
    this.hint = hint;
  }
}

/** kafkajs puts Kafka's own error name into `type`. */
export function kafkaErrorType(error: unknown): string {
  if (error instanceof Error) {
    if ('type' in error && typeof error.type === 'string') return error.type;
    if (error.cause !== undefined) return kafkaErrorType(error.cause);
    return error.name;
  }
  return 'unknown';
}
