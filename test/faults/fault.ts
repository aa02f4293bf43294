import type { SeededRandom } from '../support/random.ts';
import type { Rig } from './harness/rig.ts';

/** One kind of harm. What it leaves behind must equal what an undisturbed run leaves. */
export interface Fault {
  /** As given to `--only`. */
  name: string;
  what: string;
  /** Rounds when a hundred are asked for. */
  perHundred: number;
  /** Rounds on one stack; each stack is compared once, at its end. 25 when absent. */
  roundsPerStack?: number;
  brokers?: 1 | 3;
  /** One disturbance while input arrives; says what it did. Rejects when something did not behave. */
  round(rig: Rig, random: SeededRandom, round: number): Promise<string>;
}
