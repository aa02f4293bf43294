import { HOUR_MS } from '../arrivals.ts';
import { createHeap } from '../heap.ts';
import type { Random } from '../random.ts';

export type DispatchName = 'round_robin' | 'sticky' | 'least_loaded' | 'random';

export interface DispatchSpec {
  mode: DispatchName;
  /** sticky: how long a worker keeps an account. */
  stickyHours: number;
  /** sticky: workers for each account; below 1, some accounts rest at any time. */
  workersPerAccount: number;
}

export const DISPATCH: DispatchSpec = { mode: 'round_robin', stickyHours: 5, workersPerAccount: 0.3 };

/** Which of `active` slots (0 .. active-1) carries the next call of so many tokens. `active` never falls. */
export type Dispatcher = (time: number, active: number, tokens: number) => number;

/** Relay software's four usual ways to spread calls over its accounts. */
export function createDispatcher(spec: DispatchSpec, random: Random): Dispatcher {
  if (spec.mode === 'random') return (_time, active) => random.int(active);
  if (spec.mode === 'round_robin') {
    let cursor = -1;
    return (_time, active) => {
      cursor = (cursor + 1) % active;
      return cursor;
    };
  }
  return spec.mode === 'sticky' ? stickyDispatcher(spec, random) : leastLoadedDispatcher();
}

function stickyDispatcher(spec: DispatchSpec, random: Random): Dispatcher {
  const workers: { slot: number; until: number }[] = [];
  let turn = 0;
  let nextSlot = 0;
  return (time, active) => {
    const wanted = Math.max(1, Math.round(active * spec.workersPerAccount));
    turn = (turn + 1) % wanted;
    let worker = workers[turn];
    if (worker === undefined || time >= worker.until) {
      // The first turns of the workers are staggered: nobody starts a whole pool at once and keeps it in step.
      const share = worker === undefined ? random.next() : 1;
      worker = { slot: nextSlot % active, until: time + spec.stickyHours * HOUR_MS * share };
      nextSlot += 1;
      workers[turn] = worker;
    }
    return worker.slot;
  };
}

function leastLoadedDispatcher(): Dispatcher {
  interface Load {
    slot: number;
    tokens: number;
  }
  const heap = createHeap<Load>((a, b) => a.tokens < b.tokens || (a.tokens === b.tokens && a.slot < b.slot));
  return (_time, active, tokens) => {
    // An account that joins late starts level with the least loaded, else it would carry everything until it had caught up.
    while (heap.size < active) heap.push({ slot: heap.size, tokens: heap.peek()?.tokens ?? 0 });
    const least = heap.peek();
    if (least === undefined) throw new RangeError('dispatch: no active slot');
    heap.replaceTop({ slot: least.slot, tokens: least.tokens + tokens });
    return least.slot;
  };
}
