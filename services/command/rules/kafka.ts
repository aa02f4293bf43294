import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Codecs } from '../../records/codec/codecs.ts';
import { kafkaSettings, openCodecs, openLog } from '../../run/context.ts';
import { createKafkaClient, type KafkaClient } from '../../stream/kafka/client.ts';
import { type CommonOptions, configOf } from '../common.ts';

export interface RulesKafka {
  kafka: KafkaClient;
  codecs: Codecs;
  log: Logger;
  /** Unique to this process. */
  instance: string;
}

/** What the rules commands that talk to a running system need. */
export async function openRulesKafka(options: CommonOptions): Promise<RulesKafka> {
  const loaded = configOf(options);
  const { config } = loaded;
  const log = openLog('rules', loaded);
  return {
    kafka: createKafkaClient(kafkaSettings(config, 'stillwatch-rules'), log),
    codecs: await openCodecs(config),
    log,
    instance: `rules-${hostname()}-${process.pid}`,
  };
}
