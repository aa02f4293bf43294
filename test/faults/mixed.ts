import { type Fault, wordsOf } from './fault.ts';
import type { Rig } from './harness/rig.ts';

/** One after the other on one stack, in random order: what one fault leaves behind meets the next. */
export function mixed(faults: readonly Fault[]): Fault {
  const left = new WeakMap<Rig, Fault[]>();
  return {
    name: 'mixed',
    what: `on one stack, in random order: ${faults.map(({ name }) => name).join(', ')}`,
    perHundred: 50,
    lasts: 20_000,
    async round(rig, random) {
      // Each comes once before any comes again.
      const waiting = left.get(rig) ?? [];
      if (waiting.length === 0) waiting.push(...faults);
      left.set(rig, waiting);
      const [fault] = waiting.splice(random.below(waiting.length), 1);
      if (fault === undefined) throw new RangeError('there are no faults to mix');
      return `${fault.name}: ${wordsOf(await fault.round(rig, random, random.below(100)))}`;
    },
  };
}
