import { callsBinding } from '../../services/calls/binding.ts';
import type { CallsDeps } from '../../services/calls/step.ts';
import { premergeBinding, scoreBinding } from '../../services/clusters/bindings.ts';
import type { Hasher } from '../../services/fingerprint/hasher.ts';
import { linksBinding } from '../../services/links/binding.ts';
import type { Codecs } from '../../services/records/codec/codecs.ts';
import { rulesMessage } from '../../services/rules/message.ts';
import type { RulesVersion } from '../../services/rules/version.ts';
import { VOCABULARY } from '../../services/rules/vocabulary.ts';
import type { StepBinding } from '../../services/stream/kafka/binding.ts';
import type { KafkaMessage } from '../../services/stream/kafka/client.ts';
import type { StreamMetrics } from '../../services/stream/kafka/metrics.ts';
import { PartitionFeed } from '../../services/stream/kafka/partition-feed.ts';
import { Session } from '../../services/stream/kafka/session.ts';
import type { TaskInput } from '../../services/stream/kafka/task-inputs.ts';
import type { OutgoingMessage, TransactionContent, Written } from '../../services/stream/kafka/transaction.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { createTrackedTables } from '../../services/stream/tracked-tables.ts';
import { silentMetrics } from '../stream/kafka/toy.ts';

/** A step in the session that it has in Kafka, which decodes, refuses, keeps the state and writes as it does there. */
interface Station {
  reads(topic: string): boolean;
  process(topic: string, message: KafkaMessage): void;
  advance(time: number): void;
  latestEvent(): number;
  commit(checkpoint: boolean): Promise<[topic: string, message: OutgoingMessage][]>;
}

function station<Inputs, Outputs>(
  binding: StepBinding<Inputs, Outputs>,
  metrics: StreamMetrics,
  remembered: Remembered,
): Station {
  const control = { seek() {}, pause() {}, resume() {} };
  const inputs = (Object.keys(binding.inputs) as (keyof Inputs & string)[]).map(
    (name): TaskInput<Inputs> => ({
      name,
      binding: binding.inputs[name],
      feed: new PartitionFeed(binding.inputs[name].topic, 0, control, () => {}),
    }),
  );
  const session = new Session({
    binding,
    partition: 0,
    partitions: 1,
    inputs,
    metrics,
    start: {
      tables: createTrackedTables(),
      driver: undefined,
      positions: inputs.map(() => 0n),
      nextCheckpoint: 0,
      begins: [],
    },
  });
  return {
    reads: (topic) => inputs.some(({ feed }) => feed.topic === topic),
    process(topic, message) {
      const index = inputs.findIndex(({ feed }) => feed.topic === topic);
      session.process(index, [message], BigInt(message.offset) + 1n);
    },
    advance: (time) => session.advance(time),
    latestEvent: () => session.latestEvent(),
    async commit(checkpoint) {
      const written: [string, OutgoingMessage][] = [];
      const line = {
        async commit(content: TransactionContent): Promise<Written> {
          for (const [topic, partitions] of content.outgoing)
            for (const messages of partitions.values()) for (const message of messages) written.push([topic, message]);
          for (const record of content.state.records) remembered(content.state.topic, record);
          content.offsets({ first: 0n, until: 1n });
          return { first: 0n, until: 1n };
        },
      };
      await session.commit(line, { checkpoint, idle: false });
      return written;
    },
  };
}

/** Told of every record that a step writes to its state log. */
export type Remembered = (topic: string, record: Buffer) => void;

export interface LineOptions extends CallsDeps {
  hasher: Hasher;
  codecs: Codecs;
  rules: RulesVersion;
  grace: number;
  earliest: number;
  /** Told of every message that a step writes, in order. */
  written(topic: string, message: KafkaMessage): void;
  /** Told of every message that a step refuses, when it does. */
  rejected(topic: string, reason: string): void;
  counted(name: string, reason: string, by: number): void;
  remembered?: Remembered;
}

export interface Line {
  calls(message: KafkaMessage): void;
  accounts(message: KafkaMessage): void;
  /** Every step commits, and what it wrote is read by those behind it. `checkpoint`: with its whole state, as after a minute. */
  commit(checkpoint: boolean): Promise<void>;
  /** The input has ended: event time goes on to the end of the last day. */
  end(to: (latest: number) => number): Promise<void>;
}

/** calls, links and clusters, one behind the other in this process, with their bindings: only the broker between them is not there. */
export function createLine({
  codecs,
  hasher,
  rules,
  grace,
  earliest,
  written,
  rejected,
  counted,
  remembered = () => {},
  ...deps
}: LineOptions): Line {
  const metrics: StreamMetrics = { ...silentMetrics, rejected, counted };
  const accountsCaughtUp = async (): Promise<void> => {};
  const calls = station(callsBinding({ codecs, grace, earliest, accountsCaughtUp, ...deps }), metrics, remembered);
  const links = station(linksBinding({ codecs, hasher }), metrics, remembered);
  const stations = [
    calls,
    links,
    station(premergeBinding(codecs), metrics, remembered),
    station(scoreBinding(codecs, { grace, database: 'stillwatch', runbooks: '' }, VOCABULARY), metrics, remembered),
  ];
  const ends = new Map<string, number>();
  const append = (topic: string, { key, value, headers = {} }: OutgoingMessage): KafkaMessage => {
    const offset = ends.get(topic) ?? 0;
    ends.set(topic, offset + 1);
    return {
      key: key === null ? null : Buffer.from(key),
      value,
      headers,
      offset: String(offset),
      timestamp: '0',
      attributes: 0,
    };
  };
  const deliver = (topic: string, message: KafkaMessage): void => {
    for (const one of stations) if (one.reads(topic)) one.process(topic, message);
  };
  const commit = async (checkpoint: boolean): Promise<void> => {
    for (const one of stations) {
      for (const [topic, message] of await one.commit(checkpoint)) {
        const appended = append(topic, message);
        written(topic, appended);
        deliver(topic, appended);
      }
    }
  };
  deliver(TOPICS.rules, append(TOPICS.rules, rulesMessage(codecs, rules)));
  return {
    calls: (message) => calls.process(TOPICS.calls, message),
    accounts: (message) => links.process(TOPICS.accounts, message),
    commit,
    async end(to) {
      calls.advance(to(calls.latestEvent()));
      await commit(true);
    },
  };
}
