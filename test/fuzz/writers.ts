import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import avro, { type Type } from 'avsc';
import { schemaText } from '../../services/records/codec/schemas.ts';

/** A schema that calls are written with, as somebody registered it. */
export interface Writer {
  id: number;
  text: string;
}

interface Field {
  name: string;
  type: unknown;
  default?: unknown;
}
interface RecordSchema {
  fields: Field[];
}

const current = (): RecordSchema => JSON.parse(schemaText('api-call'));

/** Fields that an early gateway did not know. */
const LATER_FIELDS = new Set(['message_count', 'image_count', 'tool_call_count', 'prompt_fingerprint', 'tools_hash']);
/** What a later gateway may add: each shape that Avro has. */
const NEWER_FIELDS: Field[] = [
  { name: 'tags', type: { type: 'array', items: 'string' }, default: [] },
  { name: 'nothings', type: { type: 'array', items: 'null' }, default: [] },
  { name: 'labels', type: { type: 'map', values: ['null', 'long'] }, default: {} },
  {
    name: 'trace',
    type: ['null', { type: 'record', name: 'Trace', fields: [{ name: 'up', type: ['null', 'Trace'], default: null }] }],
    default: null,
  },
  { name: 'tier', type: { type: 'enum', name: 'Tier', symbols: ['low', 'high'] }, default: 'low' },
  { name: 'digest', type: { type: 'fixed', name: 'Digest', size: 4 }, default: '0000' },
];

const written = (id: number, change: (schema: RecordSchema) => RecordSchema): Writer => ({
  id,
  text: JSON.stringify(change(current())),
});

/** Ids above those of our own schemas, below those that unknown ones are drawn from. */
export const WRITERS = {
  first: {
    id: 101,
    text: readFileSync(join(import.meta.dirname, '../../schemas/versions/api-call/1.avsc'), 'utf8'),
  },
  older: written(102, (schema) => ({
    ...schema,
    fields: schema.fields.filter(({ name }) => !LATER_FIELDS.has(name)),
  })),
  newer: written(103, (schema) => ({ ...schema, fields: [...NEWER_FIELDS, ...schema.fields] })),
  /** Whole numbers where ours are wider: Avro promotes them. */
  narrower: written(104, (schema) => ({
    ...schema,
    fields: schema.fields.map((field) => (field.name === 'temperature' ? { ...field, type: ['null', 'int'] } : field)),
  })),
  /** A field of ours is text there: nobody can read it as ours. */
  incompatible: written(105, (schema) => ({
    ...schema,
    fields: schema.fields.map((field) => (field.name === 'input_tokens' ? { ...field, type: 'string' } : field)),
  })),
  /** Lacks what ours needs. */
  lacking: written(106, (schema) => ({
    ...schema,
    fields: schema.fields.filter(({ name }) => name !== 'occurred_at'),
  })),
  notAvro: { id: 107, text: 'syntax = "proto3"; message Call { string event_id = 1; }' },
  account: { id: 108, text: schemaText('account') },
} as const satisfies Record<string, Writer>;

/** Everything that the registry knows besides our own schemas. */
export function foreignSchemas(): ReadonlyMap<number, string> {
  return new Map(Object.values(WRITERS).map(({ id, text }) => [id, text]));
}

/** Encodes with a writer's schema, as its own Avro library would. */
export function createWriter({ id, text }: Writer): (record: object) => Buffer {
  const type: Type = avro.Type.forSchema(JSON.parse(text));
  return (record) => framed(id, type.toBuffer(record));
}

export function framed(id: number, body: Buffer): Buffer {
  const message = Buffer.alloc(5 + body.length);
  message.writeUInt32BE(id, 1);
  body.copy(message, 5);
  return message;
}

/** Avro's variable-length number. */
export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}
