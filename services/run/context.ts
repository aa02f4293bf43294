import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createHasher, type Hasher, type HasherKeys } from '../fingerprint/hasher.ts';
import { type ClickHouse, createClickHouse } from '../platform/clickhouse.ts';
import { weaknessOf } from '../platform/config/hashing-key.ts';
import type { LoadedConfig } from '../platform/config/load.ts';
import type { Config } from '../platform/config/schema.ts';
import type { SecretReader } from '../platform/config/secrets.ts';
import { secretOf } from '../platform/config/secrets.ts';
import { tlsFiles } from '../platform/config/tls.ts';
import { StillwatchError } from '../platform/errors.ts';
import { createFetch } from '../platform/fetch.ts';
import { createLog } from '../platform/log.ts';
import { createMetrics, type Metrics } from '../platform/metrics.ts';
import { type Codecs, createCodecs } from '../records/codec/codecs.ts';
import { registrySchemas } from '../records/codec/schema-registry.ts';
import { parseRules } from '../rules/parse.ts';
import { formatProblem } from '../rules/problem.ts';
import type { Rules } from '../rules/schema.ts';
import { VOCABULARY } from '../rules/vocabulary.ts';
import type { createKafkaClient, KafkaClient } from '../stream/kafka/client.ts';
import { createStreamMetrics, type StreamMetrics } from '../stream/kafka/metrics.ts';
import { TOPICS } from '../stream/topics.ts';

/** What every service is made from. */
export interface Context {
  config: Config;
  /** Reads a secret that the configuration refers to. */
  secret: SecretReader;
  /** A text without any secret that this process can see. */
  mask(text: string): string;
  log: Logger;
  metrics: Metrics;
  streamMetrics(step: string): StreamMetrics;
  /** The time of day, for time stamps. */
  now(): number;
  /** Milliseconds since some moment, whatever the time of day is set to: for intervals, timeouts and idleness. */
  monotonicNow(): number;
  /** Unique to this process. */
  instance: string;
  kafka: KafkaClient;
  codecs: Codecs;
}

export type OpenKafka = typeof createKafkaClient;

export async function createContext(
  service: string,
  { config, secret, mask }: Pick<LoadedConfig, 'config' | 'secret' | 'mask'>,
  log: Logger,
  openKafka: OpenKafka,
): Promise<Context> {
  const instance = `${hostname()}-${process.pid}`;
  const metrics = createMetrics(service);
  return {
    config,
    secret,
    mask,
    log,
    metrics,
    streamMetrics: createStreamMetrics(metrics),
    now: Date.now,
    monotonicNow: () => performance.now(),
    instance,
    kafka: openKafka(kafkaSettings(config, `stillwatch-${service}-${instance}`), log),
    codecs: await openCodecs(config),
  };
}

export function openLog(service: string, { config, mask }: Pick<LoadedConfig, 'config' | 'mask'>): Logger {
  const { level, format } = config.log;
  return createLog({ service, level, format, isTerminal: process.stderr.isTTY === true, mask });
}

export function kafkaSettings(config: Config, clientId: string): Parameters<typeof createKafkaClient>[0] {
  const { brokers, ssl, sasl_mechanism: mechanism, sasl_username: username } = config.kafka;
  return {
    brokers: brokers.split(',').map((broker) => broker.trim()),
    clientId,
    ssl: ssl ? tlsFiles(config, 'kafka') : undefined,
    sasl: mechanism === 'none' ? undefined : { mechanism, username, password: secretOf(config, 'kafka.sasl_password') },
  };
}

/** Over the registry when there is one, with our schemas registered in it; else the embedded ones. */
export async function openCodecs(config: Config): Promise<Codecs> {
  const { url, username } = config.schema_registry;
  if (url === '') return createCodecs(null);
  const registry = registrySchemas({
    url: url.endsWith('/') ? url : `${url}/`,
    username,
    password: secretOf(config, 'schema_registry.password'),
    fetch: createFetch(tlsFiles(config, 'schema_registry')),
    monotonicNow: () => performance.now(),
    subjects: { 'api-call': `${TOPICS.calls}-value`, account: `${TOPICS.accounts}-value` },
  });
  await registry.register();
  return createCodecs(registry);
}

export function openClickHouse(config: Config): ClickHouse {
  const { url, username, database, cluster } = config.clickhouse;
  return createClickHouse({
    url,
    username,
    password: secretOf(config, 'clickhouse.password'),
    tls: tlsFiles(config, 'clickhouse'),
    database,
    isCluster: cluster !== '',
  });
}

export function hasherKeys(config: Config): HasherKeys {
  const { rotated_at } = config.hashing;
  const previous =
    rotated_at === '' ? null : { key: secretOf(config, 'hashing.previous_key'), until: Date.parse(rotated_at) };
  return { key: secretOf(config, 'hashing.key'), previous };
}

export function openHasher(config: Config): Hasher {
  const { key, previous } = hasherKeys(config);
  return createHasher(key, previous);
}

/** For a service, whose log says when its key protects less than it should. */
export function openServiceHasher({ config, log }: Pick<Context, 'config' | 'log'>): Hasher {
  const weakness = weaknessOf(hasherKeys(config).key);
  if (weakness !== null) log.warn({ mend: weakness.mend }, weakness.what);
  return openHasher(config);
}

export const DEFAULT_RULES = join(import.meta.dirname, '../../infra/rules/stillwatch.yaml');

export function readRules(file: string): Rules {
  const name = file === '' ? DEFAULT_RULES : file;
  if (!existsSync(name))
    throw new StillwatchError(
      'RULES_INVALID',
      `there is no rule file ${name}`,
      'set rules.file, or leave it out for the rules that come with stillwatch',
    );
  const parsed = parseRules(readFileSync(name, 'utf8'), VOCABULARY);
  if (parsed.ok) return parsed.rules;
  const problems = parsed.problems.map((problem) => formatProblem(name, problem));
  throw new StillwatchError(
    'RULES_INVALID',
    `The rules have ${problems.length} error(s):\n  ${problems.join('\n  ')}\n`,
    'mend them all; the old rules stay in force where a service runs',
  );
}
