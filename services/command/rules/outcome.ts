import type { Difference } from '../../rules/cases/expectation.ts';

/** How one test of a file went. */
export interface Outcome {
  file: string;
  name: string;
  passed: boolean;
  differences: Difference[];
}
