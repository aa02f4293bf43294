import type { Config } from '../../platform/config/schema.ts';
import { type TopicPlan, topicPlan } from './topic-plan.ts';

/** The steps that keep state, and how their tasks are cut. */
const STEPS = [
  { step: 'calls', tasks: 'partition' },
  { step: 'links', tasks: 'single' },
  { step: 'premerge', tasks: 'partition' },
  { step: 'score', tasks: 'partition' },
] as const;

export function plannedTopics({ topics }: Config): TopicPlan[] {
  return topicPlan(topics.partitions, STEPS);
}
