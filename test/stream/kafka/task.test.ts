import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { StillwatchError } from '../../../services/platform/errors.ts';
import { readCommitted } from '../../../services/stream/kafka/committed.ts';
import { createEndOffsets } from '../../../services/stream/kafka/end-offsets.ts';
import { Task } from '../../../services/stream/kafka/task.ts';
import type { TaskSettings } from '../../../services/stream/kafka/task-deps.ts';
import { fakeKafka } from './fake-kafka.ts';
import { silentMetrics, TOY_GRACE, type ToyEvent, type ToySum, toyBinding } from './toy.ts';

const T = Date.UTC(2026, 3, 22);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SETTINGS: TaskSettings = { commitInterval: 20, checkpointInterval: 40, idleTimeout: HOUR, idleSpeed: 1 };

/** A task of the toy step, with a time of day in the hands of the test. */
function startTask(t: TestContext, { settings = SETTINGS, prepare = async () => {} }: Partial<TaskParts> = {}) {
  const broker = fakeKafka();
  const toy = toyBinding('toy', 'in', 'out');
  const fatal: Error[] = [];
  const time = { ofDay: T, skipped: 0 };
  const task = new Task<{ events: ToyEvent }, { sums: ToySum }>({
    kafka: broker.kafka,
    admin: broker.admin,
    endOffsets: createEndOffsets(broker.admin),
    membership: broker.member,
    binding: { ...toy, inputs: { events: { ...toy.inputs.events, prepare } } },
    partition: 0,
    partitions: 1,
    partitionsOf: () => [0],
    settings,
    metrics: silentMetrics,
    log: pino({ level: 'silent' }),
    now: () => time.ofDay,
    monotonicNow: () => performance.now() + time.skipped,
    onFatal: (error) => fatal.push(error),
  });
  t.after(() => task.close());
  const until = async (what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> => {
    const latest = performance.now() + 10_000;
    while (!(await isTrue())) {
      assert.ok(performance.now() < latest, `still not: ${what}; ${JSON.stringify(task.status())} ${fatal.join()}`);
      await delay(5);
    }
  };
  const send = async (...events: ToyEvent[]): Promise<void> => broker.append('in', events);
  const committed = (): string | undefined => broker.committed('stillwatch.toy.offsets', 'in')?.offset;
  return { broker, task, time, fatal, until, send, committed };
}

interface TaskParts {
  settings: TaskSettings;
  prepare(): Promise<void>;
}

const event = (at: number): ToyEvent => ({ key: 'a', at, n: 1 });

test('a clock that is set an hour ahead, right, or an hour back does not keep a task from committing', async (t) => {
  const { time, until, send, committed } = startTask(t);
  for (const [sent, jump] of [HOUR, -HOUR, -HOUR, HOUR].entries()) {
    time.ofDay += jump;
    await send(event(T + sent));
    await until(`${sent + 1} committed`, () => committed() === String(sent + 1));
  }
});

test('a clock that is set a day ahead makes no task idle: event time goes on only when nothing has come for the idle timeout', async (t) => {
  const { broker, task, time, until, send, committed } = startTask(t, {
    settings: { ...SETTINGS, idleTimeout: 10 * MINUTE },
  });
  await send(event(T));
  await until('committed', () => committed() === '1');
  time.ofDay += 24 * HOUR;
  await delay(150); // three ticks of the task, in which nothing must happen
  const said = (await readCommitted(broker.admin, 'toy', 'in')).get(0);
  assert.equal(said?.idle, false);
  assert.equal(task.status().watermark, T - TOY_GRACE);
  time.skipped += 11 * MINUTE;
  await until('idle', () => task.status().idle);
  time.skipped += 3 * MINUTE;
  await until('event time has gone on by as much', () => task.status().watermark === T + 3 * MINUTE);
});

test('a task waits for as long as the schema registry is away, commits what it has done, and goes on by itself', async (t) => {
  let isAway = false;
  let asked = 0;
  const { task, fatal, until, send, committed } = startTask(t, {
    async prepare() {
      asked++;
      // Not by itself: the table of accounts does not come, because of it.
      if (isAway)
        throw new Error('not read to its end', {
          cause: new StillwatchError('REGISTRY_UNREACHABLE', 'it does not answer', 'start it'),
        });
    },
    settings: { ...SETTINGS, commitInterval: 200 },
  });
  await send(event(T));
  await until('the first is processed', () => task.status().positions['in/0']?.processed === '1');
  isAway = true;
  await send(event(T + 1));
  await until('it waits', () => task.status().state === 'waiting_for_registry');
  await until('what is done is committed', () => committed() === '1');
  await send(...Array.from({ length: 3 }, (_, place) => event(T + 2 + place)));
  const before = asked;
  await until('it is asked again', () => asked > before);
  assert.equal(task.status().state, 'waiting_for_registry');
  isAway = false;
  await until('it goes on', () => committed() === '5');
  assert.equal(task.status().state, 'running');
  assert.deepEqual(fatal, []);
});

test('a task that waits for the schema registry can be closed', async (t) => {
  const { task, until, send } = startTask(t, {
    prepare: () => Promise.reject(new StillwatchError('REGISTRY_UNREACHABLE', 'it does not answer', 'start it')),
  });
  await send(event(T));
  await until('it waits', () => task.status().state === 'waiting_for_registry');
  await task.close();
  assert.equal(task.status().state, 'closed');
});
