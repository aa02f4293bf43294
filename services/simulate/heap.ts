export interface Heap<T> {
  readonly size: number;
  push(item: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
  /** Takes the first item out and puts `item` in, in one pass. */
  replaceTop(item: T): void;
}

/** A binary min-heap. `before` must be a strict total order for the result to be deterministic. */
export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];

  function at(index: number): T {
    const item = items[index];
    if (item === undefined) throw new RangeError('heap index out of range');
    return item;
  }

  function up(start: number, item: T): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = at(parent);
      if (!before(item, above)) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  function down(item: T): void {
    const { length } = items;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      if (child + 1 < length && before(at(child + 1), at(child))) child += 1;
      const below = at(child);
      if (!before(below, item)) break;
      items[index] = below;
      index = child;
    }
    items[index] = item;
  }

  return {
    get size() {
      return items.length;
    },
    push(item) {
      items.push(item);
      up(items.length - 1, item);
    },
    peek: () => items[0],
    pop() {
      const top = items[0];
      const last = items.pop();
      if (last !== undefined && items.length > 0) down(last);
      return top;
    },
    replaceTop(item) {
      if (items.length === 0) items.push(item);
      else down(item);
    },
  };
}
