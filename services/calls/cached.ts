/** Values remembered of one kind; then all are forgotten at once, which needs no bookkeeping on the hot path. A few hundred clients and networks make most calls. */
const MOST_CACHED = 20_000;

/** The same function, which remembers what it said of texts that come again and again. For what costs more than a look into a map: a keyed hash is a microsecond. */
export function cached<Value>(compute: (text: string) => Value): (text: string) => Value {
  const cache = new Map<string, Value>();
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    if (cache.size >= MOST_CACHED) cache.clear();
    const value = compute(text);
    cache.set(text, value);
    return value;
  };
}
