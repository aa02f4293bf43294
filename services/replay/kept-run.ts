import { existsSync } from 'node:fs';
import type { ChainRecord } from './chain-step.ts';
import { readRecords, writeRecords } from './record-file.ts';

/** What a run of a chain leaves behind for one that goes on with it. */
export interface KeptRun<Asked, State> {
  /** By what it is known to be the same run. */
  asked: Asked;
  /** What is known besides what the chain remembers. Plain data. */
  state: State;
  chain: Iterable<ChainRecord>;
}

/** Calls between two times at which it is kept where a run is: some minutes. */
export const KEPT_EVERY = 1_000_000;

/** Replaces what the file holds; a run that is killed meanwhile goes on from the time before. */
export function keepRun<Asked, State>(file: string, { asked, state, chain }: KeptRun<Asked, State>): void {
  const records = function* (): Generator<unknown> {
    yield asked;
    yield state;
    yield* chain;
  };
  writeRecords(file, records());
}

/** null: there is nothing to go on from. The chain's records are read as they are asked for. */
export function readRun<Asked, State>(file: string): KeptRun<Asked, State> | null {
  if (!existsSync(file)) return null;
  // In the order in which `keepRun` writes them.
  const records = readRecords(file);
  const asked = records.next().value as Asked;
  const state = records.next().value as State;
  return { asked, state, chain: records as Iterable<ChainRecord> };
}
