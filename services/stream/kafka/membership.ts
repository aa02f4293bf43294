import type { Logger } from 'pino';
import { messageOf } from '../../platform/errors.ts';
import { taskAssigner } from './assigner.ts';
import type { Consumer, EachBatchPayload, KafkaClient } from './client.ts';
import { isFenced, OustedError } from './errors.ts';
import { missingRight } from './forbidden.ts';
import { PartitionFeed } from './partition-feed.ts';
import { Signal } from './signal.ts';

/** Which partitions of each topic this process has. */
export type Assignment = ReadonlyMap<string, readonly number[]>;

export interface MembershipOptions {
  kafka: KafkaClient;
  log: Logger;
  groupId: string;
  topics: readonly string[];
  tasks: 'partition' | 'single';
  /** Called on every join; must not wait: what it starts goes on in coroutines of its own. */
  onAssigned(assignment: Assignment): void;
  /** A right is missing: told each time that it is tried again without. */
  onForbidden?: ((error: Error) => void) | undefined;
}

/** What a task or a lane asks of its group. */
export type GroupMember = Pick<Membership, 'feed' | 'drop' | 'isConfirmed' | 'watchOusting'>;

/** A killed member is noticed after this long; a paused event loop shorter than it is not. */
const SESSION_TIMEOUT = 10_000;
const HEARTBEAT_INTERVAL = 1_000;
/** How long a broker waits for the members of before when one joins: as long as they are given to be heard of, and no longer. */
const REBALANCE_TIMEOUT = SESSION_TIMEOUT;
/** A fetch while every partition is paused sleeps this long, and so delays the one that resumes: keep it short. */
const MAX_WAIT = 100;
const BYTES_PER_PARTITION = 1024 * 1024;
const REPLACE_AFTER = 500;
/**
 * A broker that was killed may lose count of who is joining (Kafka 4.3.1: `join-GROUP for the timer failed` in its log): it answers no join of that group until somebody comes
 * again. kafkajs waits for half a minute, and then asks under the same id, in vain.
 */
const JOINED_WITHIN = REBALANCE_TIMEOUT + 3_000;
const JOIN = 'JoinGroup';

/**
 * A consumer group of tasks. Offsets are never committed here: a task's truth is in its own transactions, and each feed is positioned by its task.
 *
 *   connecting -> joined <-> rebalancing (kafkajs) ; crashed, or not answered while joining -> connecting with a new consumer ; stopped
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #feeds = new Map<string, PartitionFeed>();
  #consumer: Consumer | null = null;
  #memberId: string | null = null;
  /** The last id that it had, under which its next consumer joins. */
  #knownAs: string | null = null;
  #ousted = 0;
  #stopped = false;
  readonly #stopping = Promise.withResolvers<void>();
  #loop: Promise<void> | null = null;
  readonly #signal = new Signal();

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Leaves the group. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopping.resolve();
    this.#signal.wake();
    await this.#loop;
  }

  /** The feed of a topic partition, closed. `arrived` is called when a batch has come. */
  feed(topic: string, partition: number, arrived: () => void): PartitionFeed {
    const control = {
      seek: (offset: bigint) =>
        this.#tell((consumer) => consumer.seek({ topic, partition, offset: offset.toString() })),
      pause: () => this.#tell((consumer) => consumer.pause([{ topic, partitions: [partition] }])),
      resume: () => this.#tell((consumer) => consumer.resume([{ topic, partitions: [partition] }])),
    };
    const feed = new PartitionFeed(topic, partition, control, arrived);
    this.#feeds.set(keyOf(topic, partition), feed);
    return feed;
  }

  drop(feed: PartitionFeed): void {
    const key = keyOf(feed.topic, feed.partition);
    if (this.#feeds.get(key) === feed) this.#feeds.delete(key);
    feed.close();
  }

  /**
   * Whether the group's coordinator still counts this process as a member: asked before fencing again, so that zombies do not fence each other for ever.
   * False too when the coordinator cannot be asked now: the caller waits and asks again.
   */
  async isConfirmed(): Promise<boolean> {
    if (this.#consumer === null || this.#memberId === null) return false;
    try {
      const group = await this.#consumer.describeGroup();
      return group.state === 'Stable' && group.members.some((member) => member.memberId === this.#memberId);
    } catch (error) {
      this.#options.log.debug({ error, group: this.#options.groupId }, 'group coordinator not reached yet');
      return false;
    }
  }

  /** Gives a check to be made after an error: was that the broker's refusal of a zombie, counted out by its group since this call? */
  watchOusting(): (error: unknown) => OustedError | null {
    const before = this.#ousted;
    return (error) => (this.#ousted > before && isFenced(error) ? new OustedError(this.#options.groupId, error) : null);
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#consume();
      } catch (error) {
        this.#failed(error, 'consumer failed; it will be replaced');
      }
      if (this.#stopped) return;
      await this.#signal.wait(REPLACE_AFTER);
    }
  }

  #failed(error: unknown, what: string): void {
    const { log, groupId, onForbidden } = this.#options;
    const forbidden = missingRight(error);
    log[forbidden === null ? 'warn' : 'error']({ error: messageOf(error), group: groupId }, what);
    if (forbidden !== null) onForbidden?.(forbidden);
  }

  /** Ends when kafkajs gives its consumer up, which it does without an exception. */
  async #consume(): Promise<void> {
    const { kafka, groupId, tasks, log } = this.#options;
    const consumer = kafka.consumer({
      groupId,
      partitionAssigners: [taskAssigner(tasks, () => this.#knownAs)],
      sessionTimeout: SESSION_TIMEOUT,
      heartbeatInterval: HEARTBEAT_INTERVAL,
      rebalanceTimeout: REBALANCE_TIMEOUT,
      maxWaitTimeInMs: MAX_WAIT,
      minBytes: 1,
      maxBytesPerPartition: BYTES_PER_PARTITION,
      readUncommitted: false,
      // It says that it has stopped before it restarts by itself: replaced meanwhile, there would be two of it in the group, each with half of the work.
      retry: { restartOnFailure: async () => false },
    });
    this.#consumer = consumer;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const unanswered = (): void => {
      this.#failed(new Error('the coordinator does not answer a join'), 'consumer cannot join; it will be replaced');
      end();
    };
    let joining: NodeJS.Timeout | undefined;
    const joins = (): void => {
      clearTimeout(joining);
      joining = setTimeout(unanswered, JOINED_WITHIN);
    };
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.#failed(payload.error, 'consumer crashed; it will be replaced');
      if (this.#consumer === consumer) this.#memberId = null; // whatever comes next is a join of our own
      end();
    });
    consumer.on(consumer.events.STOP, () => end());
    consumer.on(consumer.events.REBALANCING, joins);
    // It also joins without a word before.
    consumer.on(consumer.events.REQUEST_TIMEOUT, ({ payload }) => {
      if (payload.apiName === JOIN) unanswered();
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      clearTimeout(joining);
      // kafkajs joins by itself under a new id when the coordinator does not know the old one any more.
      if (this.#memberId !== null && this.#memberId !== payload.memberId) this.#ousted++;
      this.#memberId = payload.memberId;
      this.#knownAs = payload.memberId;
      this.#joined(new Map(Object.entries(payload.memberAssignment)));
    });
    const begun = this.#begin(consumer, joins);
    try {
      // It has begun when it has joined, which may never be.
      await Promise.race([begun.then(() => ended), ended, this.#stopping.promise]);
    } finally {
      clearTimeout(joining);
      this.#memberId = null;
      const disconnect = (): Promise<void> =>
        consumer.disconnect().catch((error: unknown) => log.debug({ error }, 'disconnecting a consumer'));
      await disconnect();
      // Disconnected while it was still connecting or joining, it would go on with that, and nobody would end it.
      begun.then(disconnect, disconnect);
    }
  }

  async #begin(consumer: Consumer, joins: () => void): Promise<void> {
    await consumer.connect();
    if (this.#stopped) return;
    await consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
    if (this.#stopped) return;
    joins();
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 16,
      eachBatch: async (payload) => this.#batch(payload),
    });
  }

  #joined(assignment: Assignment): void {
    // Nothing may be fetched before its task has said from where.
    for (const [topic, partitions] of assignment)
      this.#tell((consumer) => consumer.pause([{ topic, partitions: [...partitions] }]));
    this.#options.onAssigned(assignment);
    for (const feed of this.#feeds.values()) feed.rearm();
  }

  #batch({ batch, resolveOffset }: EachBatchPayload): void {
    const feed = this.#feeds.get(keyOf(batch.topic, batch.partition));
    if (feed === undefined) return;
    // `fetchedOffset` is what the fetch asked for; kafkajs' types leave it out.
    const { fetchedOffset } = batch as typeof batch & { fetchedOffset: string };
    const until = BigInt(batch.lastOffset()) + 1n;
    const taken = feed.offer({
      from: BigInt(fetchedOffset),
      until,
      highWatermark: BigInt(batch.highWatermark),
      messages: batch.messages,
    });
    if (taken) resolveOffset(batch.lastOffset());
  }

  #tell(command: (consumer: Consumer) => void): void {
    if (this.#consumer === null || this.#memberId === null) return; // the next join arms every feed
    try {
      command(this.#consumer);
    } catch (error) {
      this.#options.log.debug(
        { error, group: this.#options.groupId },
        'the consumer is being replaced: its next join arms every feed',
      );
    }
  }
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
