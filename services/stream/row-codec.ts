import avro, { type Schema, type Type } from 'avsc';

/** How a value of a packed table is written as bytes. */
export interface RowCodec<Value> {
  /** Says how: saved with the rows, so that a later version can read them. */
  readonly format: string;
  /** The bytes are good until the next call. */
  encode(value: Value): Uint8Array;
  decode(bytes: Buffer, from: number): Value;
  /** Decodes rows of another format; throws when it cannot. */
  reader(format: string): (bytes: Buffer, from: number) => Value;
}

/** Avro without a header for each row. Rows of an older schema are read by Avro's resolution: a new field needs a default. */
export function avroRows<Row, Value>(
  schema: Schema,
  toRow: (value: Value) => Row,
  toValue: (row: Row) => Value,
): RowCodec<Value> {
  const type: Type = avro.Type.forSchema(schema);
  let scratch = Buffer.alloc(1024);
  return {
    format: JSON.stringify(type.schema()),
    encode(value) {
      const row = toRow(value);
      let end = type.encode(row, scratch, 0);
      while (end < 0) {
        scratch = Buffer.alloc(2 * (scratch.length - end));
        end = type.encode(row, scratch, 0);
      }
      return scratch.subarray(0, end);
    },
    decode: (bytes, from) => toValue(type.decode(bytes, from).value),
    reader(format) {
      const written = avro.Type.forSchema(JSON.parse(format));
      const resolver = type.createResolver(written);
      return (bytes, from) => toValue(type.decode(bytes, from, resolver).value);
    },
  };
}
