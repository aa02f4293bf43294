import type { RowCodec } from './row-codec.ts';

/**
 * Bytes of rows that are written by hand, because there are tens of millions of them: whole numbers in 7-bit groups, least first, as long as they need; a
 * string as its length (times two, plus one where it is not ASCII) and its bytes.
 */

/** Grows as needed; what `bytes` returns is good until the next `begin`. */
export class RowWriter {
  #bytes = Buffer.alloc(1024);
  #end = 0;

  begin(): void {
    this.#end = 0;
  }
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }
  byte(value: number): void {
    if (this.#end === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#end++] = value;
  }
  /** A whole number from 0 to 2^53 - 1. */
  number(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = rest < 2 ** 31 ? rest >>> 7 : Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    this.byte(rest);
  }
  /** A whole number of either sign, below 2^52. */
  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }
  string(value: string): void {
    const { length } = value;
    const begun = this.#end;
    this.number(2 * length);
    this.#reserve(length);
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit < 0x80) this.#bytes[this.#end++] = unit;
      else {
        this.#end = begun;
        this.#unicode(value);
        return;
      }
    }
  }

  #unicode(value: string): void {
    const length = Buffer.byteLength(value);
    this.number(2 * length + 1);
    this.#reserve(length);
    this.#end += this.#bytes.write(value, this.#end);
  }

  #reserve(more: number): void {
    if (this.#end + more <= this.#bytes.length) return;
    const larger = Buffer.alloc(2 * (this.#end + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads in the order in which was written. */
export class RowReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, from: number) {
    this.#bytes = bytes;
    this.#at = from;
  }
  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }
  number(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 0x80) {
      const byte = this.byte();
      if (byte < 0x80) return value + byte * unit;
      value += (byte - 0x80) * unit;
    }
  }
  signed(): number {
    const value = this.number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  string(): string {
    const length = this.number();
    const from = this.#at;
    this.#at += Math.floor(length / 2);
    return this.#bytes.toString(length % 2 === 0 ? 'latin1' : 'utf8', from, this.#at);
  }
}

/** Rows of a form of its own, written and read by these two. Change `format` with it. */
export function byteRows<Value>(
  format: string,
  write: (row: RowWriter, value: Value) => void,
  read: (row: RowReader) => Value,
): RowCodec<Value> {
  const row = new RowWriter();
  return {
    format,
    encode(value) {
      row.begin();
      write(row, value);
      return row.bytes;
    },
    decode: (bytes, from) => read(new RowReader(bytes, from)),
  };
}
