import type { AlertEvent } from '../../records/alert.ts';
import type { SubjectPartial } from '../../records/subject-window.ts';
import type { Rules } from '../../rules/schema.ts';
import type { Docket } from './docket.ts';
import type { Hearing } from './hearing.ts';
import type { History } from './history.ts';
import type { Judged } from './judging.ts';
import type { Sentencing } from './sentencing.ts';

/** A window of a subject with what was made of it; null: it was not judged. */
export interface Scored {
  window: SubjectPartial;
  judged: Judged | null;
}

/** What is said of a subject at one time. */
export interface Sentence {
  windows: Scored[];
  alerts: AlertEvent[];
}

/** What it takes to judge a subject and to act on it. */
export interface TrialDeps {
  docket: Docket;
  history: History;
  hearing: Hearing;
  sentencing: Sentencing;
  rulesAt(time: number): Rules;
}
