import { createHeap } from './heap.ts';

interface Head<T> {
  item: T;
  order: number;
  rest: Iterator<T>;
}

/** Merges iterators that are each ascending by `time` into one; ties go to the earlier iterator. Holds one item of each. */
export function* mergeByTime<T>(streams: Iterable<Iterator<T>>, time: (item: T) => number): Generator<T> {
  const heap = createHeap<Head<T>>((a, b) => {
    const difference = time(a.item) - time(b.item);
    return difference < 0 || (difference === 0 && a.order < b.order);
  });
  let order = 0;
  for (const rest of streams) {
    const first = rest.next();
    if (!first.done) heap.push({ item: first.value, order, rest });
    order += 1;
  }
  for (let head = heap.peek(); head !== undefined; head = heap.peek()) {
    yield head.item;
    const next = head.rest.next();
    if (next.done) heap.pop();
    else heap.replaceTop({ item: next.value, order: head.order, rest: head.rest });
  }
}
