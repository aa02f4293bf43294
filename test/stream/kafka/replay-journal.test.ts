import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepBinding } from '../../../services/stream/kafka/binding.ts';
import type { KafkaMessage } from '../../../services/stream/kafka/client.ts';
import { PartitionFeed } from '../../../services/stream/kafka/partition-feed.ts';
import { replayJournal } from '../../../services/stream/kafka/restore.ts';
import { Session } from '../../../services/stream/kafka/session.ts';
import { createStateRecordReader, type JournalEntry } from '../../../services/stream/kafka/state-log.ts';
import type { OutgoingMessage, TransactionContent, Written } from '../../../services/stream/kafka/transaction.ts';
import { createTrackedTables } from '../../../services/stream/tracked-tables.ts';
import { silentMetrics, type ToyEvent, type ToySum, toyBinding } from './toy.ts';

const MINUTE = 60_000;
const message = (offset: number, value: unknown): KafkaMessage => ({
  key: null,
  value: Buffer.from(JSON.stringify(value)),
  offset: String(offset),
  timestamp: '0',
  attributes: 0,
  headers: {},
});
const MESSAGES = [
  message(0, { key: 'a', at: MINUTE, n: 1 }),
  message(1, { key: 'new form', at: MINUTE, n: 10 }),
  message(2, { key: 'a', at: MINUTE, n: 100 }),
];

/** The toy step, by a version that reads messages in the new form or one that does not yet. */
function binding(readsNewForm: boolean): StepBinding<{ events: ToyEvent }, { sums: ToySum }> {
  const toy = toyBinding('toy', 'in', 'out');
  const { events } = toy.inputs;
  return {
    ...toy,
    inputs: {
      events: {
        ...events,
        decode(one) {
          const decoded = events.decode(one);
          const isNew = decoded.ok && decoded.value.key === 'new form';
          return isNew && !readsNewForm ? { ok: false, reason: 'unknown_schema', detail: 'not yet' } : decoded;
        },
      },
    },
  };
}

function sessionOf(readsNewForm: boolean) {
  const toy = binding(readsNewForm);
  const control = { seek() {}, pause() {}, resume() {} };
  const feed = new PartitionFeed('in', 0, control, () => {});
  const inputs = [{ name: 'events' as const, binding: toy.inputs.events, feed }];
  const start = { tables: createTrackedTables(), driver: undefined, positions: [0n], nextCheckpoint: 0, begins: [] };
  const session = new Session({ binding: toy, partition: 0, partitions: 1, inputs, start, metrics: silentMetrics });
  /** What a commit writes: to the topics, and of what was done. */
  const commit = async (): Promise<{ outgoing: [string, OutgoingMessage][]; journal: JournalEntry[] }> => {
    const outgoing: [string, OutgoingMessage][] = [];
    const journal: JournalEntry[] = [];
    const line = {
      async commit(content: TransactionContent): Promise<Written> {
        for (const [topic, partitions] of content.outgoing)
          for (const messages of partitions.values()) for (const one of messages) outgoing.push([topic, one]);
        const read = createStateRecordReader();
        for (const bytes of content.state.records) {
          const record = read(bytes);
          if (record?.kind === 'journal') journal.push(...record.journal);
        }
        content.offsets({ first: 0n, until: 1n });
        return { first: 0n, until: 1n };
      },
    };
    await session.commit(line, { checkpoint: false, idle: false });
    return { outgoing, journal };
  };
  return { session, feed, inputs, commit };
}

test('what history has rejected stays rejected, though it could be read by now: it is a dead letter, and would count twice', async () => {
  const before = sessionOf(false);
  before.session.process(0, MESSAGES, 3n);
  const { outgoing, journal } = await before.commit();
  assert.deepEqual(
    outgoing.map(([topic]) => topic),
    ['out.dead'],
  );
  assert.deepEqual(journal, [{ read: 0, until: '3', rejected: ['1'] }]);

  const after = sessionOf(true);
  after.feed.open(0n);
  after.feed.offer({ from: 0n, until: 3n, highWatermark: 3n, messages: MESSAGES });
  after.session.mute(true);
  const deps = { admin: unused(), inputs: after.inputs, arrival: async () => {}, isClosing: () => false };
  await replayJournal(after.session, journal, deps, () => {});
  after.session.mute(false);
  after.session.process(0, [message(3, { key: 'new form', at: MINUTE, n: 1_000 })], 4n);
  after.session.advance(5 * MINUTE);
  const sums = (await after.commit()).outgoing
    .filter(([topic, { value }]) => topic === 'out' && value !== null)
    .map(([, { value }]): ToySum => JSON.parse(String(value)));
  assert.deepEqual(
    sums.map(({ key, n }) => [key, n]),
    [
      ['a', 101],
      ['new form', 1_000],
    ],
  );
});

/** Nothing is deleted here, so nobody asks the broker for what is left. */
function unused(): Parameters<typeof replayJournal>[2]['admin'] {
  return new Proxy({} as Parameters<typeof replayJournal>[2]['admin'], {
    get: (_, name) => assert.fail(`asked for ${String(name)}`),
  });
}
