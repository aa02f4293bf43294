import { StillwatchError } from '../../platform/errors.ts';

export function noSuchLetter(...ids: readonly string[]): StillwatchError {
  return new StillwatchError(
    'NOT_FOUND',
    `there is no dead letter ${ids.join(', ')}`,
    'stillwatch dlq ls prints those that are kept',
  );
}
