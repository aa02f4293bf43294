import { StillwatchError } from '../../platform/errors.ts';

export function noSuchAlert(alertId: string): StillwatchError {
  return new StillwatchError('NOT_FOUND', `there is no alert ${alertId}`, '`stillwatch alerts ls` lists them');
}
