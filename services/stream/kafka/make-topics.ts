import { setTimeout as pause } from 'node:timers/promises';
import type { ITopicConfig } from 'kafkajs';
import type { Admin } from './client.ts';
import { kafkaErrorType } from './errors.ts';

/** What a broker says of a topic that it has not heard of yet, or whose leader it does not know. */
const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);
const ASK_AGAIN_MS = 50;
const PATIENCE_MS = 30_000;

/**
 * Creates topics and comes back when the cluster tells of them. Not with kafkajs's `waitForLeaders`, which waits out LEADER_NOT_AVAILABLE only: under KRaft the
 * broker that is asked may not have heard of a new topic at all, and it fails though the topic is there.
 */
export async function makeTopics(admin: Admin, topics: readonly ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics: [...topics], waitForLeaders: false });
  const names = topics.map(({ topic }) => topic);
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await admin.fetchTopicMetadata({ topics: names });
      return;
    } catch (error) {
      if (!NOT_YET.has(kafkaErrorType(error)) || performance.now() > deadline) throw error;
      await pause(ASK_AGAIN_MS);
    }
  }
}
