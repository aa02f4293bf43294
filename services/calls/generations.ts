/** What was worked out for texts that come again and again. Bounded: what nobody has asked for while `most` others came is forgotten. */
export interface Generations<Value> {
  get(text: string): Value | undefined;
  set(text: string, value: Value): void;
  /** What is known of a text, or else what `make` makes of it, known from then on. */
  of(text: string, make: () => Value): Value;
}

/** Of the accounts of a minute what they have, where there are 100,000 of them. */
const MOST_YOUNG = 65_536;

/** At most twice `most`, in two generations: no order of use has to be kept on the hot path. */
export function createGenerations<Value>(most = MOST_YOUNG): Generations<Value> {
  let young = new Map<string, Value>();
  let old: ReadonlyMap<string, Value> = new Map();
  const set = (text: string, value: Value): void => {
    if (young.size >= most) {
      old = young;
      young = new Map();
    }
    young.set(text, value);
  };
  const get = (text: string): Value | undefined => {
    const known = young.get(text);
    if (known !== undefined) return known;
    const older = old.get(text);
    if (older !== undefined) set(text, older);
    return older;
  };
  return {
    get,
    set,
    of(text, make) {
      const known = get(text);
      if (known !== undefined) return known;
      const made = make();
      set(text, made);
      return made;
    },
  };
}
