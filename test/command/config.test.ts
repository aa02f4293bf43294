import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Setting } from '../../services/platform/config/load.ts';
import { stillwatch } from '../support/pipeline.ts';

const ENV = { KAFKA_BROKERS: 'kafka:9092', CLICKHOUSE_URL: 'http://kim:the-secret@clickhouse:8123' };
const print = (...args: string[]): Promise<string> =>
  stillwatch(['config', 'print', '--set', 'hashing.key=a-secret-key', ...args], ENV);

test('every setting is printed with where it comes from, and no secret', async () => {
  const text = await print('--origin');
  assert.match(text, /^kafka\.brokers: "kafka:9092" +# environment KAFKA_BROKERS$/m);
  assert.match(text, /^hashing\.key: •••• +# flag hashing\.key$/m);
  assert.match(text, /^rules\.reload_ms: 5000 +# default$/m);
  assert.doesNotMatch(await print(), /#/);
});

test('as JSON, values are what they are', async () => {
  const settings: Setting[] = JSON.parse(await print('--json'));
  const of = (name: string) => settings.find(({ setting }) => setting === name);
  assert.deepEqual(of('rules.reload_ms'), { setting: 'rules.reload_ms', value: 5_000, origin: 'default' });
  assert.deepEqual(of('hashing.key'), { setting: 'hashing.key', value: '••••', origin: 'flag hashing.key' });
  assert.deepEqual(of('clickhouse.url')?.value, 'http://kim:••••@clickhouse:8123/');
  assert.deepEqual(of('notify.targets')?.value, []);
  assert.doesNotMatch(JSON.stringify(settings), /the-secret|a-secret-key/);
});

test('an unknown setting is an error that says what was meant', async () => {
  await assert.rejects(
    print('--set', 'kafka.brokrs=x:1'),
    (error: Error & { code?: number; stderr?: string }) =>
      error.code === 1 && /there is no setting kafka\.brokrs; did you mean kafka\.brokers\?/.test(error.stderr ?? ''),
  );
});
