import { StillwatchError } from '../../platform/errors.ts';

/** The task must not go on, and a retry would not help: a person has to decide. */
export class FatalStateError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(`${message}. What to do: ${hint}`);
    this.name = 'FatalStateError';
    this.hint = hint;
  }
}

/**
 * This process did not answer for so long that its group gave its work to another, which has begun it: a zombie. The broker refused what it still wanted to
 * write. It knows nothing of what happened meanwhile, so it ends, and is started afresh.
 */
export class OustedError extends Error {
  constructor(group: string, cause: unknown) {
    super(
      `group ${group} counted this process out while it did not answer, and another has taken over its work; nothing of it was written. What to do: start it again, as a supervisor does; when it happens often, find out what pauses it for seconds (too little CPU, a frozen machine)`,
      { cause },
    );
    this.name = 'OustedError';
  }
}

const FENCED = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED']);

/** A newer owner of the transactional id has written, or the broker has ended a transaction that took too long: the error alone does not say which. */
export function isFenced(error: unknown): boolean {
  return FENCED.has(kafkaErrorType(error));
}

/** The schema registry does not answer, or something did not come because of that: it passes by itself. */
export function isRegistryAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof StillwatchError && error.code === 'REGISTRY_UNREACHABLE') || isRegistryAway(error.cause);
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
