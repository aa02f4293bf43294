import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { createLog } from '../../platform/log.ts';
import type { Codecs } from '../../records/codec/codecs.ts';
import { kafkaSettings, openCodecs } from '../../run/context.ts';
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
  const { config } = configOf(options);
  const log = createLog({
    service: 'rules',
    level: config.log.level,
    format: config.log.format,
    isTerminal: process.stderr.isTTY === true,
  });
  return {
    kafka: createKafkaClient(kafkaSettings(config, 'stillwatch-rules'), log),
    codecs: await openCodecs(config),
    log,
    instance: `rules-${hostname()}-${process.pid}`,
  };
}
