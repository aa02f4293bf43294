import type { Type } from 'avsc';
import {
  EARLIER_IDS,
  earlierSchemaText,
  parseSchema,
  SCHEMA_IDS,
  SCHEMA_NAMES,
  type SchemaName,
  schemaText,
} from './schemas.ts';
import type { Reader, SchemaSource } from './wire.ts';

/** The schemas of this package with their fixed ids: no registry needed. */
export function embeddedSchemas(): SchemaSource {
  const types = new Map<SchemaName, Type>(SCHEMA_NAMES.map((name) => [name, parseSchema(schemaText(name))]));
  const typeOf = (name: SchemaName): Type => {
    const type = types.get(name);
    if (type === undefined) throw new RangeError(`no schema ${name}`);
    return type;
  };
  const readers = new Map<SchemaName, Reader>(
    [...types].map(([name, type]) => [name, (bytes, from) => type.decode(bytes, from)]),
  );
  const earlier = new Map<string, Reader>(
    [...EARLIER_IDS].map(([id, { name, version }]) => {
      const type = typeOf(name);
      const resolver = type.createResolver(parseSchema(earlierSchemaText(name, version)));
      return [`${id} ${name}`, (bytes, from) => type.decode(bytes, from, resolver)];
    }),
  );
  return {
    idOf: (name) => SCHEMA_IDS[name],
    typeOf,
    reader: (id, name) =>
      id === SCHEMA_IDS[name] ? (readers.get(name) ?? null) : (earlier.get(`${id} ${name}`) ?? null),
  };
}
