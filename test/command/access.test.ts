import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stillwatch } from '../support/pipeline.ts';

const access = (...args: string[]): Promise<string> => stillwatch(['access', ...args]);

test('rights at Kafka are a table, commands for kafka-acls.sh, or JSON, with what comes before each user', async () => {
  assert.match(await access('kafka', 'gateway'), /^gateway +topic +llm\.api-calls +Write$/m);
  assert.doesNotMatch(await access('kafka', 'gateway'), /console/);
  const commands = await access('kafka', 'console', '--commands', '--prefix', 'sw-');
  assert.match(
    commands,
    /^--add --allow-principal User:sw-console --operation Read --topic stillwatch\.rules --resource-pattern-type literal$/m,
  );
  const rights: { user: string; name: string; operations: string[] }[] = JSON.parse(
    await access('kafka', 'console', '--prefix', 'sw-', '--json'),
  );
  assert.equal(rights.length, commands.trim().split('\n').length);
  assert.ok(rights.every(({ user }) => user === 'sw-console'));
  await assert.rejects(access('kafka', 'nobody'), (error: Error & { code?: number }) => error.code === 2);
  await assert.rejects(access('kafka', '--commands', '--json'), (error: Error & { code?: number }) => error.code === 2);
});

test('rights at ClickHouse are SQL for the configured database, or JSON, and on a cluster of the tables with the rows, too', async () => {
  const other = ['--set', 'clickhouse.database=other'];
  assert.equal(
    await access('clickhouse', 'operator', '--prefix', 'sw_', ...other),
    'GRANT INSERT ON other.audit_log TO sw_operator;\n',
  );
  const [view] = JSON.parse(await access('clickhouse', 'notify', '--json'));
  assert.deepEqual(view, {
    user: 'notify',
    database: 'stillwatch',
    privileges: ['SELECT'],
    table: 'effective_silences',
  });
  // A view has no rows of its own.
  const columns = 'SELECT(alert_id, revision, status, subject_type, subject_id, emitted_at)';
  assert.deepEqual((await access('clickhouse', 'notify', '--set', 'clickhouse.cluster=prod')).trim().split('\n'), [
    'GRANT SELECT ON stillwatch.effective_silences TO notify;',
    'GRANT SELECT ON stillwatch.silences TO notify;',
    'GRANT SELECT ON stillwatch.silences_local TO notify;',
    `GRANT ${columns} ON stillwatch.alerts TO notify;`,
    `GRANT ${columns} ON stillwatch.alerts_local TO notify;`,
  ]);
  assert.match(await access('clickhouse'), /^GRANT INSERT ON stillwatch\.audit_log TO operator;$/m);
});

test('a console whose responders may requeue needs the rights of dlq beside its own', async () => {
  const rights = async (...args: string[]): Promise<string[]> => {
    const listed: { resource: string; name: string; operations: string[] }[] = JSON.parse(
      await access('kafka', ...args, '--json'),
    );
    return listed.map(({ resource, name, operations }) => `${resource} ${name} ${operations.join(' ')}`).sort();
  };
  const own = await rights('console');
  const dlq = await rights('dlq');
  assert.ok(!own.includes('topic llm.api-calls Write'));
  const both = await rights('console', '--set', 'console.requeue=true');
  // Of what both have an operation on, there is one entry with all of them.
  for (const right of [...own, ...dlq]) {
    const [resource, name, ...operations] = right.split(' ');
    const entry = both.find((one) => one.startsWith(`${resource} ${name} `))?.split(' ') ?? [];
    for (const operation of operations) assert.ok(entry.includes(operation), right);
  }
});
