import avro, { type Schema, type Type } from 'avsc';

/** What avsc hands a type to read from; its type definitions leave it and the methods below out. */
interface Tap {
  readonly buf: Buffer;
  pos: number;
  readLong(): number;
  skipLong(): void;
  readString(): string;
  skipString(): void;
}
interface Readable {
  _read(tap: Tap): unknown;
  _skip(tap: Tap): void;
}

/**
 * Arrays and maps that read no more than there is. avsc believes the count that a block begins with: a message of a few bytes makes it read, or skip, 2^50 items
 * of nothing, or go back and skip the same block for ever, and the line stands. Here a block has at most as many items as bytes are left, each item takes a
 * byte at least, and what is skipped lies ahead; a message that says otherwise is read as one that ends too early.
 *
 * For Type.forSchema: gives the type of a schema, or undefined where avsc's own will do.
 */
export function boundedBlocks(schema: Schema, options: object): Type | undefined {
  if (typeof schema !== 'object' || Array.isArray(schema) || !('type' in schema)) return undefined;
  if (schema.type === 'array') return new BoundedArray(schema, options);
  return schema.type === 'map' ? new BoundedMap(schema, options) : undefined;
}

class BoundedArray extends avro.types.ArrayType {
  // Not a method with private parts: a resolver takes it over and calls it on itself, with the writer's items.
  _read(tap: Tap): unknown[] {
    const items = readable(this.itemsType);
    let values: unknown[] | null = null;
    let at = 0;
    for (let count = itemCount(tap); count > 0; count = itemCount(tap)) {
      // Of the exact length: most arrays are one block.
      values ??= new Array(count);
      for (; count > 0; count--) {
        const before = tap.pos;
        values[at++] = items._read(tap);
        if (!isFurther(tap, before)) return values;
      }
    }
    return values ?? [];
  }

  _skip(tap: Tap): void {
    const items = readable(this.itemsType);
    skipBlocks(tap, () => items._skip(tap));
  }
}

class BoundedMap extends avro.types.MapType {
  _read(tap: Tap): Record<string, unknown> {
    const items = readable(this.valuesType);
    // Without a prototype, `__proto__` is a key like any other.
    const values: Record<string, unknown> = Object.create(null);
    for (let count = itemCount(tap); count > 0; count = itemCount(tap)) {
      for (; count > 0; count--) {
        const before = tap.pos;
        const key = tap.readString();
        values[key] = items._read(tap);
        if (!isFurther(tap, before)) return values;
      }
    }
    return values;
  }

  _skip(tap: Tap): void {
    const items = readable(this.valuesType);
    skipBlocks(tap, () => {
      tap.skipString();
      items._skip(tap);
    });
  }
}

function readable(type: Type): Readable {
  return type as unknown as Readable; // every type of avsc is; see above
}

/** Items of the next block; 0 at the end, and where there cannot be so many. */
function itemCount(tap: Tap): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.skipLong(); // bytes of the block: only of use to who skips it
  }
  if (count <= tap.buf.length - tap.pos) return count;
  if (count !== 0) endEarly(tap);
  return 0;
}

function skipBlocks(tap: Tap, skipItem: () => void): void {
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    if (count < 0) {
      const bytes = tap.readLong();
      if (!(bytes >= 0 && bytes <= tap.buf.length - tap.pos)) {
        endEarly(tap);
        return;
      }
      tap.pos += bytes;
      continue;
    }
    if (!(count <= tap.buf.length - tap.pos)) {
      endEarly(tap);
      return;
    }
    for (; count > 0; count--) {
      const before = tap.pos;
      skipItem();
      if (!isFurther(tap, before)) return;
    }
  }
}

/** Whether an item took a byte and ends inside the message; if not, the message is at its end. */
function isFurther(tap: Tap, before: number): boolean {
  if (tap.pos > before && tap.pos <= tap.buf.length) return true;
  endEarly(tap);
  return false;
}

/** As avsc itself says that a message was too short. */
function endEarly(tap: Tap): void {
  tap.pos = tap.buf.length + 1;
}
