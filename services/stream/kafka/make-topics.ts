import type { ITopicConfig } from 'kafkajs';
import type { Admin } from './client.ts';
import { untilAnswered } from './until-answered.ts';

/** What a broker says of a topic that it has not heard of yet, or whose leader it does not know. */
const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);
const PATIENCE_MS = 30_000;

/**
 * Creates topics and comes back when the cluster tells of them. Not with kafkajs's `waitForLeaders`, which waits out LEADER_NOT_AVAILABLE only: under KRaft the
 * broker that is asked may not have heard of a new topic at all, and it fails though the topic is there.
 */
export async function makeTopics(admin: Admin, topics: readonly ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics: [...topics], waitForLeaders: false });
  const names = topics.map(({ topic }) => topic);
  await untilAnswered(() => admin.fetchTopicMetadata({ topics: names }), NOT_YET, PATIENCE_MS);
}
