import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig, printConfig } from '../../services/platform/config/load.ts';
import { openClickHouse } from '../../services/run/context.ts';

const load = (over: Partial<Parameters<typeof loadConfig>[0]>) =>
  loadConfig({ flags: {}, environment: {}, file: null, ...over });

test('flags go before the environment, the environment before the file, the file before the defaults', () => {
  const file = { name: 'c.yaml', text: 'log:\n  level: warn\nkafka:\n  brokers: file:9092\nhttp:\n  port: 9100\n' };
  const { config, origins } = load({
    file,
    environment: { KAFKA_BROKERS: 'env:9092', STILLWATCH_LOG_LEVEL: 'error' },
    flags: { 'log.level': 'debug' },
  });
  assert.equal(config.log.level, 'debug');
  assert.equal(config.kafka.brokers, 'env:9092');
  assert.equal(config.http.port, 9100);
  assert.equal(config.stream.grace_ms, 60_000);
  assert.deepEqual(
    ['log.level', 'kafka.brokers', 'http.port', 'stream.grace_ms'].map((path) => origins.get(path)),
    ['flag log.level', 'environment KAFKA_BROKERS', 'c.yaml:6:9', 'default'],
  );
});

test('every mistake is reported at once, with its place and what was meant', () => {
  const file = { name: 'c.yaml', text: 'kafka:\n  broker: a:1\nlog:\n  level: loud\n' };
  assert.throws(
    () => load({ file, environment: { STILLWATCH_STREAM_GRACE_MS: 'soon' }, flags: { 'console.prot': '1' } }),
    (error: Error) => {
      for (const expected of [
        '4 error(s)',
        'c.yaml:2:11',
        'did you mean kafka.brokers?',
        'c.yaml:4:10',
        'environment STILLWATCH_STREAM_GRACE_MS',
        'did you mean console.port?',
      ])
        assert.ok(error.message.includes(expected), `${expected} in ${error.message}`);
      return true;
    },
  );
});

test('secrets are printed by nobody, not even when they are wrong', () => {
  const loaded = load({
    environment: { STILLWATCH_HASHING_KEY: 'very-secret-key', CLICKHOUSE_URL: 'http://user:secret-password@host:8123' },
  });
  const printed = printConfig(loaded, true);
  assert.ok(!printed.includes('very-secret-key') && !printed.includes('secret-password'));
  assert.ok(printed.includes('user'));
  assert.throws(
    () => load({ environment: { STILLWATCH_HASHING_KEY: 'short1', CLICKHOUSE_URL: 'ftp://u:secret-password@h' } }),
    (error: Error) => !error.message.includes('short1') && !error.message.includes('secret-password'),
  );
});

test('an address with a stray % is taken as it is, its password hidden as any other', () => {
  const loaded = load({ environment: { CLICKHOUSE_URL: 'http://user:100%secret@host:8123' } });
  assert.match(printConfig(loaded, false), /^clickhouse\.url: "http:\/\/user:••••@host:8123\/"$/m);
  assert.equal(loaded.mask('refused: 100%secret'), 'refused: ••••');
  assert.doesNotThrow(() => openClickHouse(loaded.config));
});
