import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import type { Admin } from '../../../services/stream/kafka/client.ts';
import { encodeCommitted, offsetsGroup } from '../../../services/stream/kafka/committed.ts';
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
}

/** How the probe's transaction ends, and how often it was counted. */
async function endOf({ stable, at, until }: Asked): Promise<{ end: ProbeEnd; counted: number }> {
  const fake = fakeKafka();
  const step = toyBinding('toy', 'in', 'out');
  const inputs = taskInputs(
    step,
    () => [0],
    fake.member,
    () => {},
  );
  if (until !== null) {
    const metadata = encodeCommitted({
      version: 1,
      state: { from: '0', until: String(until) },
      watermark: 0,
      latest: 0,
      idle: false,
    });
    fake.commit(offsetsGroup('toy'), 'in', { offset: '1', metadata });
  }
  const asking: Partial<Admin> = {
    ...fake.admin,
    fetchTopicMetadata: async ({ topics = [] } = { topics: [] }) => ({
      topics: topics.map((name) => ({ name, partitions: [0, 1].map(partition) })),
    }),
  };
  let counted = 0;
  const { promise: end, resolve } = Promise.withResolvers<ProbeEnd>();
  await endUnended(
    { probe: async (_, __, decide) => resolve(await decide(BigInt(at))) },
    {
      admin: asking as Admin,
      endOffsets: async () => new Map([[0, BigInt(stable)]]),
      binding: step,
      partition: 0,
      inputs,
      metrics: { unended: () => counted++ },
      log: pino({ level: 'silent' }),
    },
  );
  return { end: await end, counted };
}

const partition = (partitionId: number) => ({ partitionId, partitionErrorCode: 0, leader: 0, replicas: [], isr: [] });

test('where everything before the probe is stable nothing but the probe is given up', async () => {
  assert.deepEqual(await endOf({ stable: 10, at: 10, until: 10 }), {
    end: { kind: 'abort', outgoing: new Map(), offsets: null },
    counted: 0,
  });
});

test('what is not stable and not counted on is given up in all partitions of every output, the dead letters and the offsets', async () => {
  for (const until of [10, null]) {
    const { end, counted } = await endOf({ stable: 10, at: 12, until });
    assert.equal(counted, 1);
    assert.equal(end.kind, 'abort');
    assert.ok(end.kind === 'abort');
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
  assert.deepEqual(await endOf({ stable: 10, at: 12, until: 11 }), { end: { kind: 'commit' }, counted: 1 });
});
