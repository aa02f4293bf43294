import { createGenerations } from './generations.ts';

/** The same function, which remembers what it said of texts that come again and again. For what costs more than a look into a map: a keyed hash is a microsecond. */
export function cached<Value>(compute: (text: string) => Value): (text: string) => Value {
  const known = createGenerations<Value>();
  return (text) => known.of(text, () => compute(text));
}
