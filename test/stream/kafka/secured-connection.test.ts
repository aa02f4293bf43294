import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pino from 'pino';
import { loadConfig } from '../../../services/platform/config/load.ts';
import { StillwatchError } from '../../../services/platform/errors.ts';
import { kafkaSettings } from '../../../services/run/context.ts';
import { createKafkaClient } from '../../../services/stream/kafka/client.ts';
import { withAdmin } from '../../../services/stream/kafka/with-admin.ts';
import { type Certificate, createAuthority } from '../../support/certificates.ts';
import { type SecuredKafka, startSecuredKafka } from '../../support/secured-kafka.ts';

const PASSWORD = 'the-password-of-calls';
const WRONG = 'not-the-password';

let kafka: SecuredKafka;
let own: Certificate;
let strange: Certificate;
let strangeCa = '';
let passwordFile = '';
before(async () => {
  kafka = await startSecuredKafka([{ name: 'calls', password: PASSWORD }]);
  own = await kafka.authority.issue('calls');
  const stranger = await createAuthority(join(kafka.folder, 'stranger'), 'stranger');
  strange = await stranger.issue('calls');
  strangeCa = stranger.caFile;
  passwordFile = join(kafka.folder, 'password');
  await writeFile(passwordFile, `${PASSWORD}\n`);
});
after(() => kafka.stop());

/** Connects as the product does, from the configuration on. */
async function connect(brokers: string, settings: Record<string, string>): Promise<void> {
  const { config } = loadConfig({ flags: { 'kafka.brokers': brokers, ...settings }, environment: {}, file: null });
  const kafkaClient = createKafkaClient(kafkaSettings(config, 'test'), pino({ level: 'silent' }));
  await withAdmin(kafkaClient, (admin) => admin.listTopics());
}

const tls = (over: Record<string, string> = {}) => ({
  'kafka.ssl': 'true',
  'kafka.ssl_ca_file': kafka.authority.caFile,
  ...over,
});
const sasl = (mechanism: 'plain' | 'scram-sha-512', password = PASSWORD) => ({
  'kafka.sasl_mechanism': mechanism,
  'kafka.sasl_username': 'calls',
  'kafka.sasl_password': password,
});
const certificate = ({ certFile, keyFile }: Certificate) => ({
  'kafka.ssl_cert_file': certFile,
  'kafka.ssl_key_file': keyFile,
});

test('a password over PLAIN, over SCRAM, from a file, and a certificate of our own each let us in', async () => {
  const { plain, scram, mutual } = kafka.secured;
  await connect(plain, tls(sasl('plain')));
  await connect(scram, tls(sasl('scram-sha-512')));
  const { 'kafka.sasl_password': _, ...user } = sasl('scram-sha-512');
  await connect(scram, tls({ ...user, 'kafka.sasl_password_file': passwordFile }));
  await connect(mutual, tls(certificate(own)));
});

const REFUSALS: {
  what: string;
  connect: () => Promise<void>;
  code: StillwatchError['code'];
  says: RegExp;
}[] = [
  {
    what: 'a wrong password over PLAIN',
    connect: () => connect(kafka.secured.plain, tls(sasl('plain', WRONG))),
    code: 'KAFKA_UNAUTHENTICATED',
    says: /does not let user calls in \(plain\).*What to do: check kafka\.sasl_username, and kafka\.sasl_password/,
  },
  {
    what: 'a wrong password over SCRAM',
    connect: () => connect(kafka.secured.scram, tls(sasl('scram-sha-512', WRONG))),
    code: 'KAFKA_UNAUTHENTICATED',
    says: /does not let user calls in \(scram-sha-512\).*What to do: check kafka\.sasl_username/,
  },
  {
    what: 'a mechanism that the listener has not got',
    connect: () => connect(kafka.secured.scram, tls(sasl('plain'))),
    code: 'KAFKA_UNAUTHENTICATED',
    says: /What to do: set kafka\.sasl_mechanism to one that this listener offers/,
  },
  {
    what: 'a broker whose authority is not trusted',
    connect: () => connect(kafka.secured.plain, tls({ 'kafka.ssl_ca_file': strangeCa, ...sasl('plain') })),
    code: 'KAFKA_UNTRUSTED',
    says: /not signed by anybody who is trusted here.*What to do: set kafka\.ssl_ca_file/,
  },
  {
    what: 'a plain connection to a TLS port',
    connect: () => connect(kafka.secured.plain, sasl('plain')),
    code: 'KAFKA_UNREACHABLE',
    says: /closed the connection before it answered\. What to do: it may want TLS on this port: set kafka\.ssl=true/,
  },
  {
    what: 'TLS to a plain port',
    connect: () => connect(kafka.cluster.brokers, tls()),
    code: 'KAFKA_UNTRUSTED',
    says: /does not speak TLS on this port.*What to do: name its TLS port in kafka\.brokers, or leave kafka\.ssl out/,
  },
  {
    what: 'TLS without saying who we are',
    connect: () => connect(kafka.secured.plain, tls()),
    code: 'KAFKA_UNREACHABLE',
    says: /closed the connection.*it may want to know who we are: set kafka\.sasl_mechanism/,
  },
  {
    what: 'no certificate where one is wanted',
    connect: () => connect(kafka.secured.mutual, tls()),
    code: 'KAFKA_UNTRUSTED',
    says: /it wants a certificate of ours.*What to do: set kafka\.ssl_cert_file and kafka\.ssl_key_file/s,
  },
  {
    what: 'a certificate of an authority that the broker does not know',
    connect: () => connect(kafka.secured.mutual, tls(certificate(strange))),
    code: 'KAFKA_UNTRUSTED',
    says: /it does not believe our certificate.*What to do: set kafka\.ssl_cert_file/s,
  },
  {
    what: 'nobody there',
    connect: () => connect('127.0.0.1:1', tls(sasl('plain'))),
    code: 'KAFKA_UNREACHABLE',
    says: /does not answer: .*ECONNREFUSED.*What to do: check KAFKA_BROKERS/,
  },
];

// Each tries for some seconds, since a broker may be starting: all at once.
describe('what does not come about is said with what, where and what to do, and without the password', {
  concurrency: true,
}, () => {
  for (const { what, connect: attempt, code, says } of REFUSALS)
    test(what, async () => {
      const error = await attempt().then(
        () => assert.fail('it connected'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof StillwatchError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, says);
      assert.match(error.message, /Kafka at 127\.0\.0\.1:\d+/);
      assert.ok(!error.message.includes(PASSWORD) && !error.message.includes(WRONG), error.message);
    });
});
