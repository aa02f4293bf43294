import type { Type } from 'avsc';

/** How a value of a packed table is written as bytes. */
export interface RowCodec<Value> {
  /** Names the form: saved with the rows, so that rows of another form are refused instead of misread. */
  readonly format: string;
  /** The bytes are good until the next call. */
  encode(value: Value): Uint8Array;
  decode(bytes: Buffer, from: number): Value;
}

/** Rows were saved in another form than this version keeps them in. */
export class RowFormatError extends Error {
  constructor(saved: string, kept: string) {
    super(`rows are saved as ${saved}, this version keeps them as ${kept}`);
    this.name = 'RowFormatError';
  }
}

/** Avro without a header for each row. Another schema is another format. */
export function avroRows<Row, Value>(
  format: string,
  type: Type,
  toRow: (value: Value) => Row,
  toValue: (row: Row) => Value,
): RowCodec<Value> {
  let scratch = Buffer.alloc(1024);
  return {
    format,
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
  };
}
