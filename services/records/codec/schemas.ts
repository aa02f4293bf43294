import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import avro, { type Schema, type Type } from 'avsc';
import { createSketchWriter, type DistinctSketch, decodeSketch } from '../distinct-sketch.ts';
import { boundedBlocks } from './bounded-blocks.ts';

/** Every record with its fixed id, for the wire when there is no registry. An id never changes its meaning: a record whose schema changes gets a new one. */
export const SCHEMA_IDS = {
  'api-call': 1,
  account: 2,
  'account-window': 3,
  'link-observation': 4,
  assignment: 5,
  'subject-partial': 6,
  'baseline-partial': 7,
  'cluster-window': 8,
  'dead-letter': 10,
  'late-call': 11,
  membership: 12,
  'rules-version': 13,
  'requeued-letter': 14,
  alert: 16,
  delivery: 17,
} as const;

export type SchemaName = keyof typeof SCHEMA_IDS;
export const SCHEMA_NAMES = Object.keys(SCHEMA_IDS) as SchemaName[];

const FOLDER = join(import.meta.dirname, '../../../schemas');

/** What an earlier version of this package wrote, which may still be on a topic: read as what the record is now. */
export const EARLIER_IDS: ReadonlyMap<number, { name: SchemaName; version: number }> = new Map([
  [9, { name: 'alert', version: 1 }],
  [15, { name: 'alert', version: 2 }],
]);

export function earlierSchemaText(name: SchemaName, version: number): string {
  return readFileSync(join(FOLDER, 'versions', name, `${version}.avsc`), 'utf8');
}

export function schemaText(name: SchemaName): string {
  return readFileSync(join(FOLDER, `${name}.avsc`), 'utf8');
}

/** A sketch travels as its own binary form. */
class SketchType extends avro.types.LogicalType {
  /** What it returns is copied into the message at once. */
  readonly #written = createSketchWriter();

  override _fromValue(bytes: Buffer): DistinctSketch {
    return decodeSketch(bytes);
  }
  override _toValue(sketch: DistinctSketch): Buffer {
    return this.#written(sketch);
  }
  override _resolve(type: Type): ((value: Buffer | DistinctSketch) => DistinctSketch) | undefined {
    if (!avro.Type.isType(type, 'bytes') && !(type instanceof SketchType)) return undefined;
    // What another schema's sketch type has read is a sketch already.
    return (value) => (Buffer.isBuffer(value) ? this._fromValue(value) : value);
  }
}

export function parseSchema(text: string): Type {
  const schema: Schema = JSON.parse(text);
  return avro.Type.forSchema(schema, { logicalTypes: { 'distinct-sketch': SketchType }, typeHook: boundedBlocks });
}
