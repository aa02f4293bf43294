import type { Logger } from 'pino';
import type { Codecs } from '../records/codec/codecs.ts';
import type { KafkaClient } from '../stream/kafka/client.ts';
import { createGlobalTable } from '../stream/kafka/global-table.ts';
import { TOPICS } from '../stream/topics.ts';
import { readRulesMessage } from './message.ts';
import { compareVersions, type RulesVersion } from './version.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface LedgerDeps {
  kafka: KafkaClient;
  codecs: Codecs;
  vocabulary: Vocabulary;
  log: Logger;
  /** Unique to this process. */
  instance: string;
  /** A right is missing. */
  onForbidden?(error: Error): void;
}

/** Every version of the rules that was ever published and that this build understands. */
export interface RulesLedger {
  start(): Promise<void>;
  /** In the order in which they take over from one another. Waits for what was published before the call. */
  versions(): Promise<RulesVersion[]>;
  stop(): Promise<void>;
}

export function createRulesLedger(deps: LedgerDeps): RulesLedger {
  const { kafka, codecs, vocabulary, log, instance, onForbidden } = deps;
  const known = new Map<string, RulesVersion>();
  const table = createGlobalTable({
    kafka,
    log,
    topic: TOPICS.rules,
    instance,
    ...(onForbidden === undefined ? {} : { onForbidden }),
    async apply(_, partition, messages) {
      if (partition !== 0) return; // the same in every partition
      await codecs.prepare(messages);
      for (const message of messages) {
        // What cannot be read is a dead letter of the scoring step; here it is only not there.
        const read = readRulesMessage(codecs, vocabulary, message);
        if (read.ok) known.set(message.offset, read.value);
      }
    },
  });
  return {
    start: () => table.start(),
    async versions() {
      await table.caughtUp();
      return [...known.values()].sort(compareVersions);
    },
    stop: () => table.stop(),
  };
}

/** What somebody published last, whenever it comes into force. */
export function lastPublished(versions: readonly RulesVersion[]): RulesVersion | null {
  return versions.reduce<RulesVersion | null>(
    (last, version) => (last === null || version.published_at >= last.published_at ? version : last),
    null,
  );
}
