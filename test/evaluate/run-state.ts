import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { ChainRecord } from '../../services/replay/chain-step.ts';
import type { FlaggedState } from '../../services/replay/flagged-accounts.ts';
import { readRecords, writeRecords } from '../../services/replay/record-file.ts';
import type { JudgeState } from './judge.ts';
import type { Run } from './measurement.ts';

/** Where a run is, and what is known besides what its chain remembers. Plain data. */
export interface RunState {
  calls: number;
  counts: Map<string, number>;
  judge: JudgeState;
  flagged: FlaggedState;
  wallSeconds: number;
  cpuSeconds: number;
  peakMemoryMb: number;
}

export function keepRun(file: string, run: Run, state: RunState, chain: Iterable<ChainRecord>): void {
  const records = function* (): Generator<unknown> {
    yield run;
    yield state;
    yield* chain;
  };
  writeRecords(file, records());
}

/** null: there is nothing to go on from. */
export function readRun(file: string, run: Run): { state: RunState; chain: Iterable<ChainRecord> } | null {
  if (!existsSync(file)) return null;
  // In the order in which `keepRun` writes them.
  const records = readRecords(file);
  if (!isDeepStrictEqual(records.next().value, run)) throw new Error(`${file} is of another run`);
  const state = records.next().value as RunState;
  return { state, chain: records as Iterable<ChainRecord> };
}
