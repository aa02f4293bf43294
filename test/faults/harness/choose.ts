import type { SeededRandom } from '../../support/random.ts';

/** Each of them comes before any comes again. */
export function inTurn<Item>(items: readonly Item[], round: number): Item {
  return at(items, round % items.length);
}

export function anyOf<Item>(items: readonly Item[], random: SeededRandom): Item {
  return at(items, random.below(items.length));
}

function at<Item>(items: readonly Item[], place: number): Item {
  const item = items[place];
  if (item === undefined) throw new RangeError(`there is nothing at ${place} of ${items.length}`);
  return item;
}
