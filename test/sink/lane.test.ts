import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { type ClickHouse, createClickHouse } from '../../services/platform/clickhouse.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { SINK_OFFSETS, SinkLane } from '../../services/sink/lane.ts';
import type { SinkSource } from '../../services/sink/sources.ts';
import { type FakeKafka, fakeKafka } from '../stream/kafka/fake-kafka.ts';

const TOPIC = 'windows';
const HOUR = 3_600_000;
const source: SinkSource = {
  topic: TOPIC,
  table: 'windows',
  columns: ['n'],
  row: ({ value }) => ({ ok: true, value: JSON.parse(String(value)) }),
};

interface Inserted {
  values: readonly (readonly unknown[])[];
  token: string;
}

function startLane(t: TestContext, { broker = fakeKafka(), clickHouse, ...over }: Partial<LaneParts> = {}) {
  const inserted: Inserted[] = [];
  const fatal = Promise.withResolvers<Error>();
  const keeping: Pick<ClickHouse, 'insert'> = {
    async insert(_, rows, token) {
      assert.ok('columns' in rows);
      inserted.push({ values: rows.values, token });
    },
  };
  const lane = new SinkLane({
    kafka: broker.kafka,
    admin: broker.admin,
    clickHouse: clickHouse ?? (keeping as ClickHouse),
    membership: broker.member,
    codecs: createCodecs(null),
    log: pino({ level: 'silent' }),
    source,
    partition: 0,
    batchRows: 1_000,
    batchWait: 20,
    monotonicNow: () => performance.now(),
    onFatal: fatal.resolve,
    inserted() {},
    failed() {},
    ...over,
  });
  t.after(() => lane.close());
  const until = async (what: string, isTrue: () => boolean): Promise<void> => {
    const latest = performance.now() + 10_000;
    while (!isTrue()) {
      assert.ok(performance.now() < latest, `still not: ${what}; ${JSON.stringify(lane.status())}`);
      await delay(5);
    }
  };
  return { broker, lane, inserted, until, fatal: fatal.promise };
}

interface LaneParts {
  broker: FakeKafka;
  clickHouse: ClickHouse;
}

const rows = (count: number): number[][] => Array.from({ length: count }, (_, n) => [n]);

test('rows wait for company by the monotonic clock: one that is set back does not make them wait for an hour', async (t) => {
  let ofDay = Date.now();
  t.mock.method(Date, 'now', () => {
    ofDay -= HOUR; // further back each time that somebody asks
    return ofDay;
  });
  const { broker, inserted, until } = startLane(t);
  broker.append(TOPIC, rows(3));
  await until('inserted', () => inserted.length === 1);
});

test('a planned range is inserted again under its own token, exactly that', async (t) => {
  const broker = fakeKafka();
  broker.append(TOPIC, rows(5));
  broker.commit(SINK_OFFSETS, TOPIC, { offset: '1', metadata: '{"until":"3"}' });
  const { inserted, until } = startLane(t, { broker });
  await until('both batches', () => inserted.length === 2);
  assert.deepEqual(inserted, [
    { values: [[1], [2]], token: 'windows-0-1-3' },
    { values: [[3], [4]], token: 'windows-0-3-5' },
  ]);
});

test('a planned range that retention has deleted ends the sink with an error that says what is missing and what to do', async (t) => {
  const broker = fakeKafka();
  broker.append(TOPIC, rows(5));
  broker.commit(SINK_OFFSETS, TOPIC, { offset: '1', metadata: '{"until":"3"}' });
  broker.deleteBefore(TOPIC, 4n);
  const { inserted, fatal } = startLane(t, { broker });
  const { message } = await fatal;
  assert.match(message, /windows\/0 begins at offset 4, but table windows has it only up to 1: retention deleted/);
  assert.match(message, /What to do: .*--reset-offsets --to-earliest/);
  assert.deepEqual(inserted, []);
});

test('a planned range that is deleted while it is waited for does not keep the lane waiting for ever', async (t) => {
  const broker = fakeKafka();
  broker.append(TOPIC, rows(2));
  broker.commit(SINK_OFFSETS, TOPIC, { offset: '1', metadata: '{"until":"3"}' });
  const { lane, until, fatal } = startLane(t, { broker });
  await until('it gathers', () => lane.status().state === 'running');
  broker.deleteBefore(TOPIC, 5n);
  broker.append(TOPIC, rows(8));
  assert.match((await fatal).message, /retention deleted/);
});

test('a lane whose ClickHouse takes an insert and never answers is closed well within the ten seconds that are promised', {
  timeout: 30_000,
}, async (t) => {
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const clickHouse = createClickHouse({
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    database: 'stillwatch',
  });
  t.after(async () => {
    await clickHouse.close();
    server.closeAllConnections();
    server.close();
  });
  const { broker, lane } = startLane(t, { clickHouse });
  broker.append(TOPIC, rows(3));
  await asked.promise;
  const begun = performance.now();
  await lane.close();
  assert.ok(performance.now() - begun < 8_000);
  // The plan stands: whoever has the lane next does exactly this again.
  assert.deepEqual(broker.committed(SINK_OFFSETS, TOPIC), { offset: '0', metadata: '{"until":"3"}' });
});
