import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { schemaText } from '../../services/records/codec/schemas.ts';
import { stillwatch } from '../support/pipeline.ts';

let file = '';
before(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'stillwatch-schema-')), 'gateway.avsc');
});
after(() => rm(join(file, '..'), { recursive: true, force: true }));

test('a schema with a field more can be read, one without what the contract asks for cannot', async () => {
  const schema: { fields: { name: string }[] } = JSON.parse(schemaText('api-call'));
  const more = { ...schema, fields: [...schema.fields, { name: 'region', type: 'string' }] };
  await writeFile(file, JSON.stringify(more));
  assert.match(await stillwatch(['schema', 'check', file]), /can be read as api-call/);

  await writeFile(
    file,
    JSON.stringify({ ...schema, fields: schema.fields.filter(({ name }) => name !== 'account_id') }),
  );
  await assert.rejects(
    stillwatch(['schema', 'check', file, '--json']),
    (error: Error & { code?: number; stdout?: string }) =>
      error.code === 1 && /account_id/.test(JSON.parse(error.stdout ?? '').problem),
  );
});

test('print gives the schema as it is used', async () => {
  assert.deepEqual(JSON.parse(await stillwatch(['schema', 'print', 'account'])), JSON.parse(schemaText('account')));
});
