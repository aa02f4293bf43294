import type { Logger } from 'pino';
import { OustedError } from '../stream/kafka/errors.ts';

/** Exit codes: a supervisor starts the process again; a person has to do something first. */
const FAILED = 1;
const NEEDS_A_PERSON = 3;

/** For what a service cannot mend while it runs. `part` is the step or the kind of lane that says so. */
export function endProcess(log: Logger, part: string): (error: Error) => void {
  return (error) => {
    log.fatal({ err: error, part }, 'this process cannot go on');
    process.exit(error instanceof OustedError ? FAILED : NEEDS_A_PERSON);
  };
}
