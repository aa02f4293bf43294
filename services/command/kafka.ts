import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Codecs } from '../records/codec/codecs.ts';
import { kafkaSettings, openCodecs, openLog } from '../run/context.ts';
import { createKafkaClient, type KafkaClient } from '../stream/kafka/client.ts';
import { type CommonOptions, configOf } from './common.ts';

export interface CommandKafka {
  kafka: KafkaClient;
  codecs: Codecs;
  log: Logger;
  /** Unique to this process. */
  instance: string;
}

/** What a command that talks to a running system needs. `name`: of the command, for the broker's logs and ours. */
export async function openCommandKafka(options: CommonOptions, name: string): Promise<CommandKafka> {
  const loaded = configOf(options);
  const { config } = loaded;
  const log = openLog(name, loaded);
  return {
    kafka: createKafkaClient(kafkaSettings(config, `stillwatch-${name}`), log),
    codecs: await openCodecs(config),
    log,
    instance: `${name}-${hostname()}-${process.pid}`,
  };
}
