import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { joinAsBefore, type KnownMember } from '../../../services/stream/kafka/rejoin.ts';

/** A consumer group of kafkajs whose joins are seen and not made. */
function group(memberId: string | null, ...assigners: Partial<KnownMember>[]) {
  class ConsumerGroup {
    memberId = memberId;
    assigners = assigners;
    joinedAs: (string | null)[] = [];
    async joinAndSync(): Promise<void> {
      this.joinedAs.push(this.memberId);
    }
  }
  joinAsBefore(ConsumerGroup);
  return new ConsumerGroup();
}

test('the first join is under the id that the assigner knows, a later one under the id that it has', async () => {
  const known = group(null, {}, { knownAs: () => 'of-before' });
  await known.joinAndSync();
  known.memberId = 'given-by-the-broker';
  await known.joinAndSync();
  assert.deepEqual(known.joinedAs, ['of-before', 'given-by-the-broker']);
});

test('whoever is not known joins as nobody', async () => {
  for (const stranger of [group(null), group(null, {}), group(null, { knownAs: () => null })]) {
    await stranger.joinAndSync();
    assert.deepEqual(stranger.joinedAs, [null]);
  }
});

test('kafkajs has what is corrected', () => {
  const require = createRequire(import.meta.url);
  const ConsumerGroup: { prototype: object } = require('kafkajs/src/consumer/consumerGroup');
  assert.ok('joinAndSync' in ConsumerGroup.prototype);
  assert.throws(() => joinAsBefore({ prototype: {} } as Parameters<typeof joinAsBefore>[0]), /install kafkajs 2.2.4/);
});
