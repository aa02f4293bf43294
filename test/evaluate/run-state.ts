import type { Cost } from '../../services/replay/cost.ts';
import type { FlaggedState } from '../../services/replay/flagged-accounts.ts';
import type { JudgeState } from './judge.ts';

/** Where a run is, and what is known besides what its chain remembers. Plain data. */
export interface RunState {
  calls: number;
  counts: Map<string, number>;
  judge: JudgeState;
  flagged: FlaggedState;
  cost: Cost;
}
