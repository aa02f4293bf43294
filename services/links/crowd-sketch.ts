import type { StateTables } from '../stream/state-table.ts';

/** Counts only to a handful, and may count too much, never too little: good enough to say what is worth a closer look. */
export interface CrowdSketch {
  /** Accounts seen at that unit today, this one included: at least as many as there were, up to 16. */
  add(unit: number, account: number): number;
  clear(): void;
}

/**
 * Nearly every template is one account's own, and there are millions: a unit gets a record of its own only when this says that several accounts share it.
 * Linear counting (Whang 1990) in 16 bits a slot, 4 million slots, 8 MB. A slot that different units share counts the accounts of all: at three million
 * sightings a day that lets one unit in ten thousand pass wrongly, which costs a record and nothing else.
 */
export function createCrowdSketch(tables: StateTables): CrowdSketch {
  const chunks = tables.table<Uint16Array>('crowd_sketch');
  return {
    add(unit, account) {
      const slot = unit >>> (32 - SLOT_BITS);
      const key = String(slot >>> CHUNK_BITS);
      const chunk = chunks.get(key) ?? new Uint16Array(1 << CHUNK_BITS);
      const place = slot & ((1 << CHUNK_BITS) - 1);
      const before = chunk[place] ?? 0;
      const after = before | (1 << (account & 15));
      if (after !== before) {
        chunk[place] = after;
        chunks.set(key, chunk);
      }
      return ones(after);
    },
    clear() {
      for (const key of [...chunks.entries()].map(([key]) => key)) chunks.delete(key);
    },
  };
}

const SLOT_BITS = 22;
const CHUNK_BITS = 10;

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
