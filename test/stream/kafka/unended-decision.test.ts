import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import type { Admin } from '../../../services/stream/kafka/client.ts';
import { encodeCommitted, offsetsGroup } from '../../../services/stream/kafka/committed.ts';
import { type FetchedBatch, PartitionFeed } from '../../../services/stream/kafka/partition-feed.ts';
import { taskInputs } from '../../../services/stream/kafka/task-inputs.ts';
import type { ProbeEnd } from '../../../services/stream/kafka/transaction.ts';
import { endUnended } from '../../../services/stream/kafka/unended.ts';
import { fakeKafka } from './fake-kafka.ts';
import { toyBinding } from './toy.ts';

interface Asked {
  /** What a reader of committed messages may see, and where the probe stands. */
  stable: number;
  at: number;
  /** What the committed truth counts on; null when there is none. */
  until: number | null;
  /** Committed records of state, by offset; null: one without a value. */
  state?: Record<number, string | null>;
  /** The first offset of state that is not deleted. */
  low?: number;
  /** What the truth counts on when the probe has ended. */
  later?: number;
}

/** How the probe's transaction ends, and how often it was counted. */
async function endOf({
  stable,
  at,
  until,
  state = {},
  low = 0,
  later,
}: Asked): Promise<{ end: ProbeEnd; counted: number }> {
  const fake = fakeKafka();
  const step = toyBinding('toy', 'in', 'out');
  const inputs = taskInputs(
    step,
    () => [0],
    fake.member,
    () => {},
  );
  const countOn = (end: number): void => {
    const counted = { from: '0', until: String(end) };
    const metadata = encodeCommitted({ version: 1, state: counted, watermark: 0, latest: 0, idle: false });
    fake.commit(offsetsGroup('toy'), 'in', { offset: '1', metadata });
  };
  if (until !== null) countOn(until);
  const feed = new PartitionFeed('state', 0, { seek: () => {}, pause: () => {}, resume: () => {} }, () => {});
  const messages = Object.entries(state).map(([offset, value]) => ({
    offset,
    value: value === null ? null : Buffer.from(value),
  }));
  const asking: Partial<Admin> = {
    ...fake.admin,
    fetchTopicOffsets: async () => [{ partition: 0, offset: String(at), high: String(at), low: String(low) }],
    fetchTopicMetadata: async ({ topics = [] } = { topics: [] }) => ({
      topics: topics.map((name) => ({ name, partitions: [0, 1].map(partition) })),
    }),
  };
  let counted = 0;
  const { promise: end, resolve } = Promise.withResolvers<ProbeEnd>();
  await endUnended(
    {
      async probe(_, __, decide) {
        resolve(await decide(BigInt(at)));
        if (later !== undefined) countOn(later);
      },
    },
    {
      admin: asking as Admin,
      endOffsets: async () => new Map([[0, BigInt(stable)]]),
      binding: step,
      partition: 0,
      inputs,
      state: {
        feed,
        async arrival() {
          const batch = {
            from: BigInt(Math.max(until ?? 0, low)),
            until: BigInt(at),
            highWatermark: BigInt(at),
            messages,
          };
          assert.ok(feed.offer(batch as FetchedBatch), 'it is asked for from where the truth ends');
        },
        isClosing: () => false,
      },
      metrics: { unended: () => counted++ },
      log: pino({ level: 'silent' }),
    },
  );
  return { end: await end, counted };
}

const NOTHING_BUT_THE_PROBE = { end: { kind: 'abort', outgoing: new Map(), offsets: null }, counted: 0 };
const partition = (partitionId: number) => ({ partitionId, partitionErrorCode: 0, leader: 0, replicas: [], isr: [] });

test('where everything before the probe is stable nothing but the probe is given up', async () => {
  assert.deepEqual(await endOf({ stable: 11, at: 11, until: 10 }), NOTHING_BUT_THE_PROBE);
});

test('what is not stable and not counted on is given up in all partitions of every output, the dead letters and the offsets', async () => {
  for (const until of [10, null]) {
    const { end, counted } = await endOf({ stable: 10, at: 12, until });
    assert.equal(counted, 1);
    assert.equal(end.kind, 'abort');
    assert.deepEqual(
      [...end.outgoing].map(([topic, partitions]) => [topic, [...partitions.keys()]]),
      [
        ['out', [0, 1]],
        ['out.dead', [0, 1]],
      ],
    );
    assert.deepEqual(end.offsets?.group, offsetsGroup('toy'));
  }
});

test('what is not stable but counted on is committed', async () => {
  assert.deepEqual(await endOf({ stable: 10, at: 12, until: 11 }), {
    end: { kind: 'commit', outgoing: new Map(), offsets: null },
    counted: 1,
  });
});

test('committed state that the truth does not count on has its offsets committed, and is counted on before anything goes on', async () => {
  for (const until of [10, null]) {
    const { end, counted } = await endOf({ stable: 16, at: 16, until, state: { 12: 'state', 14: null }, later: 13 });
    assert.equal(counted, 1);
    assert.equal(end.kind, 'commit');
    assert.equal(end.offsets?.group, offsetsGroup('toy'));
    assert.deepEqual(
      end.offsets.offsets.filter(({ topic }) => topic === 'in'),
      [],
      'where the input goes on is not said anew',
    );
  }
});

test('offsets from before what is deleted are old: the task writes some, at which the coordinator sees it, and waits until it answers with those of now', async () => {
  const { end, counted } = await endOf({ stable: 16, at: 16, until: 3, low: 10, state: { 12: 'state' }, later: 13 });
  assert.equal(counted, 1);
  assert.equal(end.kind, 'commit');
  assert.equal(end.offsets?.group, offsetsGroup('toy'));
});

test('probes of before are no state', async () => {
  const asked = { stable: 16, at: 16, until: 10, state: { 11: null, 13: null } };
  assert.deepEqual(await endOf(asked), NOTHING_BUT_THE_PROBE);
});

test('offsets that do not come to be counted stop the task: what it wrote is seen already', async () => {
  await assert.rejects(
    endOf({ stable: 16, at: 16, until: 10, state: { 12: 'state' }, later: 12 }),
    /do not agree: state up to 13 is committed, and its offsets are not/,
  );
});
