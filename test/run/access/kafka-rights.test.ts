import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { createServiceProcess, type ServiceProcess } from '../../../infra/local/service-process.ts';
import { callsBinding } from '../../../services/calls/binding.ts';
import { UNKNOWN_PROFILE } from '../../../services/calls/profile-table.ts';
import { premergeBinding, scoreBinding } from '../../../services/clusters/bindings.ts';
import { createHasher } from '../../../services/fingerprint/hasher.ts';
import { linksBinding } from '../../../services/links/binding.ts';
import { createCodecs } from '../../../services/records/codec/codecs.ts';
import { VOCABULARY } from '../../../services/rules/vocabulary.ts';
import { KAFKA_RIGHTS, type KafkaPrincipal, merged, stepRights } from '../../../services/run/access/kafka-rights.ts';
import { sinkSources } from '../../../services/sink/sources.ts';
import type { StepBinding } from '../../../services/stream/kafka/binding.ts';
import { createKafkaClient, type KafkaClient } from '../../../services/stream/kafka/client.ts';
import { TOPICS } from '../../../services/stream/topics.ts';
import { grant, revoke } from '../../support/kafka-grants.ts';
import { stillwatch } from '../../support/pipeline.ts';
import { apiCall, T } from '../../support/records.ts';
import { type SecuredKafka, startSecuredKafka } from '../../support/secured-kafka.ts';
import { enrichWith } from '../../support/shipped.ts';

const codecs = createCodecs(null);
const hasher = createHasher('a-key-of-this-test');

test('the list has what each binding reads and writes, and nothing else for its step', () => {
  const of = <Inputs, Outputs>({ step, inputs, outputs, deadLetters }: StepBinding<Inputs, Outputs>) =>
    stepRights(step, {
      reads: Object.values<{ topic: string }>(inputs).map(({ topic }) => topic),
      writes: [...Object.values<{ topic: string }>(outputs).map(({ topic }) => topic), deadLetters.topic],
    });
  const enrich = enrichWith(hasher);
  const calls = callsBinding({
    codecs,
    enrich,
    profileAt: () => UNKNOWN_PROFILE,
    grace: 0,
    earliest: 0,
    accountsCaughtUp: async () => {},
  });
  const steps: [KafkaPrincipal, ReturnType<typeof of>][] = [
    ['calls', of(calls)],
    ['links', of(linksBinding({ codecs, hasher }))],
    ['clusters', of(premergeBinding(codecs))],
    ['clusters', of(scoreBinding(codecs, { grace: 0, database: 'stillwatch', runbooks: '' }, VOCABULARY))],
  ];
  for (const [principal, wanted] of steps)
    for (const right of wanted) {
      const listed = KAFKA_RIGHTS[principal].find(
        ({ resource, name }) => resource === right.resource && name === right.name,
      );
      for (const operation of right.operations)
        assert.ok(listed?.operations.includes(operation), `${principal}: ${operation} on ${right.name}`);
    }
  const [, ...rest] = steps.map(([, wanted]) => merged(wanted).length);
  assert.equal(KAFKA_RIGHTS.links.length, rest[0]);
  const read = KAFKA_RIGHTS.sink.filter(({ resource }) => resource === 'topic').map(({ name }) => name);
  assert.deepEqual(
    read.sort(),
    sinkSources(codecs)
      .map(({ topic }) => topic)
      .sort(),
  );
});

let kafka: SecuredKafka;
/** Over the listener that asks nobody and may do everything. */
let plain: KafkaClient;
before(async () => {
  kafka = await startSecuredKafka([{ name: 'calls', password: 'the-password-of-calls' }]);
  plain = createKafkaClient({ brokers: [kafka.cluster.brokers], clientId: 'test' }, pino({ level: 'silent' }));
  await stillwatch(['topics', 'apply'], { KAFKA_BROKERS: kafka.cluster.brokers, STILLWATCH_TOPICS_PARTITIONS: '1' });
});
after(() => kafka.stop());

function callsProcess(): ServiceProcess {
  return createServiceProcess({
    name: 'calls',
    logFile: join(kafka.folder, 'calls.log'),
    env: {
      KAFKA_BROKERS: kafka.secured.scram,
      STILLWATCH_KAFKA_SSL: 'true',
      STILLWATCH_KAFKA_SSL_CA_FILE: kafka.authority.caFile,
      STILLWATCH_KAFKA_SASL_MECHANISM: 'scram-sha-512',
      STILLWATCH_KAFKA_SASL_USERNAME: 'calls',
      STILLWATCH_KAFKA_SASL_PASSWORD: 'the-password-of-calls',
      STILLWATCH_LOG_FORMAT: 'json',
      STILLWATCH_STREAM_IDLE_TIMEOUT_MS: '500',
      // Old state is deleted when a checkpoint is made.
      STILLWATCH_STREAM_CHECKPOINT_INTERVAL_MS: '1',
      STILLWATCH_STREAM_IDLE_SPEED: '10000000',
    },
  });
}

const DAY = 24 * 60 * 60_000;

/** What makes `calls` write to each of its topics: a call that is refused, one of an account that nobody has seen, and one that is late after that. */
async function sendOneOfEach(round: number): Promise<void> {
  const codec = codecs.of('api-call');
  const messages = [
    apiCall({ event_id: `bad-${round}`, input_tokens: -1 }),
    apiCall({ event_id: `good-${round}`, account_id: `new-${round}`, occurred_at: T + round * DAY }),
    apiCall({ event_id: `late-${round}`, occurred_at: T - DAY }),
  ].map((call) => ({ key: 'one-of-each', value: codec.encode(call) }));
  const producer = plain.producer();
  await producer.connect();
  await producer.send({ topic: TOPICS.calls, messages });
  await producer.disconnect();
}

test('calls without one of its rights ends and says which one, and works when it has them all', {
  timeout: 580_000,
}, async () => {
  const service = callsProcess();
  const rights = plain.admin();
  await rights.connect();
  await grant(rights, 'calls', KAFKA_RIGHTS.calls);
  let round = 0;
  for (const right of KAFKA_RIGHTS.calls)
    for (const operation of right.operations) {
      await sendOneOfEach(++round);
      const before = round === 1 ? 0 : (await service.log()).length;
      await revoke(rights, 'calls', right, operation);
      // Where everything fails before it is up, the start does.
      await service.start().catch(() => {});
      const code = await service.ended();
      await grant(rights, 'calls', [{ ...right, operations: [operation] }]);
      const said = (await service.log()).slice(before);
      const kind = right.resource.replace('-', ' ');
      const refusal = new RegExp(`does not grant user calls the right (\\w+) on ${kind} (\\S+)\\. What to do`);
      const [, named, name = ''] = refusal.exec(said) ?? [];
      const what = `${operation} on ${kind} ${right.name}`;
      assert.ok(right.pattern === 'literal' ? name === right.name : name.startsWith(right.name), `${what}: ${said}`);
      // Who has no other right on a thing may not even see it, and is told so.
      assert.ok(named === operation || (named === 'Describe' && right.operations.length === 1), `${what}: ${named}`);
      assert.ok(code === 1 || code === 3, `${what}: ended with ${code}`);
    }
  await rights.disconnect();
  await service.start();
  while ((await fetch(`${service.url()}/readyz`)).status !== 200) await delay(100);
  assert.equal(await service.stop(), 0);
});
