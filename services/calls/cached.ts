/** Values of one kind remembered in each of two generations: what the accounts of a minute have, where there are 100,000 of them. */
const MOST_YOUNG = 65_536;

/**
 * The same function, which remembers what it said of texts that come again and again. For what costs more than a look into a map: a keyed hash is a microsecond.
 * What nobody has asked for while as many others came is forgotten: no order of use to be kept on the hot path.
 */
export function cached<Value>(compute: (text: string) => Value): (text: string) => Value {
  let young = new Map<string, Value>();
  let old: ReadonlyMap<string, Value> = new Map();
  return (text) => {
    const known = young.get(text);
    if (known !== undefined) return known;
    const value = old.get(text) ?? compute(text);
    if (young.size >= MOST_YOUNG) {
      old = young;
      young = new Map();
    }
    young.set(text, value);
    return value;
  };
}
