import {
  ACTIVITIES,
  type Activity,
  activitiesOf,
  type ProductLevel,
  type SubActivity,
  type SubjectPartial,
  subjectOf,
} from '../../records/subject-window.ts';
import type { Docket } from './docket.ts';
import { type SubjectParts, sumOfActivities } from './parts.ts';
import type { SubjectState } from './subject-state.ts';

/** Who is judged: a cluster or loud account as a whole, or those of a cluster's accounts that do some things. */
export interface Defendant {
  state: SubjectState;
  activities: readonly Activity[];
  /** The latest. */
  window: SubjectPartial;
}

export function asOne(state: SubjectState, window: SubjectPartial): Defendant {
  return { state, activities: ACTIVITIES, window };
}

/** A sub-population; none when it did nothing in the window. */
export function subPopulation(subject: SubjectParts, sub: SubActivity, docket: Pick<Docket, 'stateOf'>): Defendant[] {
  const activities = activitiesOf(sub);
  const part = sumOfActivities(subject, activities);
  if (part === null) return [];
  const window = { ...part, subject_id: subjectOf(part.subject_id, sub), activity: sub };
  return [{ state: docket.stateOf(window), activities, window }];
}

/** Those of its sub-populations that are judged by themselves. */
export function judgedApart(
  { separate }: SubjectState,
  subject: SubjectParts,
  docket: Pick<Docket, 'stateOf'>,
): Defendant[] {
  return separate.flatMap((sub) => subPopulation(subject, sub, docket));
}

/** What those of a cluster's accounts do that are not known to harvest. */
export function othersAt(level: ProductLevel): readonly Activity[] {
  return ACTIVITIES.filter((activity) => !activitiesOf(level).includes(activity));
}
