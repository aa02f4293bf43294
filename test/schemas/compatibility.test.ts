import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSchema, SCHEMA_NAMES, schemaText } from '../../services/records/codec/schemas.ts';

const VERSIONS = join(import.meta.dirname, '../../schemas/versions');

for (const name of SCHEMA_NAMES) {
  test(`${name} reads what every earlier version wrote, and they read what it writes`, () => {
    const current = parseSchema(schemaText(name));
    const files = readdirSync(join(VERSIONS, name));
    assert.ok(files.length > 0, 'its first version is kept');
    for (const file of files) {
      const earlier = parseSchema(readFileSync(join(VERSIONS, name, file), 'utf8'));
      assert.doesNotThrow(() => current.createResolver(earlier), `BACKWARD with ${file}`);
      assert.doesNotThrow(() => earlier.createResolver(current), `FORWARD with ${file}`);
    }
  });

  test(`every field of ${name} is documented`, () => {
    const schema: { doc?: string; fields: { name: string; doc?: string }[] } = JSON.parse(schemaText(name));
    assert.ok(schema.doc);
    for (const field of schema.fields) assert.ok(field.doc, field.name);
  });
}
