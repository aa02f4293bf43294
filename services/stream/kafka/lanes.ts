import type { Logger } from 'pino';
import type { Admin, KafkaClient } from './client.ts';
import { createEndOffsets } from './end-offsets.ts';
import { type Lag, lagsOf, measureRegularly } from './lag.ts';
import { Membership } from './membership.ts';

export interface Lane<Status> {
  close(): Promise<void>;
  status(): Status;
}

export interface LaneStatus {
  topic: string;
  partition: number;
  /** The next one. */
  offset: string;
}

export interface LanesOptions<Status> {
  kafka: KafkaClient;
  log: Logger;
  groupId: string;
  topics: readonly string[];
  open(topic: string, partition: number, membership: Membership, admin: Admin): Lane<Status>;
  isRunning(status: Status): boolean;
  /** What lies before all lanes of this process, now and then. */
  lag(current: readonly Lag[]): void;
  /** The group has dealt out its work anew. */
  joined(): void;
  /** A right is missing: the process must end, a person has to grant it. */
  onFatal(error: Error): void;
}

export interface Lanes<Status> {
  start(): Promise<void>;
  stop(): Promise<void>;
  status(): Status[];
  isReady(): boolean;
}

/** One independent coroutine for each topic partition that the group gives this process: for services that carry records out of Kafka. */
export function createLanes<Status extends LaneStatus>({
  kafka,
  log,
  groupId,
  topics,
  open,
  isRunning,
  lag,
  joined: countJoin,
  onFatal,
}: LanesOptions<Status>): Lanes<Status> {
  const admin = kafka.admin();
  const lanes = new Map<string, Lane<Status>>();
  const closing = new Set<Promise<void>>();
  let joined = false;
  let stopMeasuring = (): void => {};

  const close = (key: string, lane: Lane<Status>): void => {
    lanes.delete(key);
    const closed = lane.close().finally(() => closing.delete(closed));
    closing.add(closed);
  };

  const membership: Membership = new Membership({
    kafka,
    log,
    groupId,
    topics,
    tasks: 'partition',
    onForbidden: onFatal,
    onAssigned(assignment) {
      joined = true;
      countJoin();
      const mine = new Set<string>();
      for (const topic of topics) {
        for (const partition of assignment.get(topic) ?? []) {
          const key = `${topic}/${partition}`;
          mine.add(key);
          if (!lanes.has(key)) lanes.set(key, open(topic, partition, membership, admin));
        }
      }
      for (const [key, lane] of lanes) if (!mine.has(key)) close(key, lane);
    },
  });

  return {
    async start() {
      await admin.connect();
      membership.start();
      const endOffsets = createEndOffsets(admin);
      stopMeasuring = measureRegularly(async () => {
        const positions = [...lanes.values()].map((lane) => lane.status());
        lag(
          await lagsOf(
            positions.map((status) => ({ ...status, offset: BigInt(status.offset) })),
            endOffsets,
          ),
        );
      }, log);
    },
    async stop() {
      stopMeasuring();
      for (const [key, lane] of lanes) close(key, lane);
      await Promise.all(closing);
      await membership.stop();
      await admin.disconnect();
    },
    status: () => [...lanes.values()].map((lane) => lane.status()),
    isReady: () => joined && [...lanes.values()].every((lane) => isRunning(lane.status())),
  };
}
