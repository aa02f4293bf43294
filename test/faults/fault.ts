import type { SeededRandom } from '../support/random.ts';
import type { Rig } from './harness/rig.ts';

/** A round that aims at one of several places, and may miss it. */
export interface Aimed {
  did: string;
  place: string;
  isReached: boolean;
}

/** What a round did, in words. */
export function wordsOf(done: string | Aimed): string {
  return typeof done === 'object' ? done.did : done;
}

/** One kind of harm. What it leaves behind must equal what an undisturbed run leaves. */
export interface Fault {
  /** As given to `--only`. */
  name: string;
  what: string;
  /** Rounds when a hundred are asked for. */
  perHundred: number;
  /** Takes hours: only when it is asked for by name. */
  long?: true;
  /** Rounds on one stack; each stack is compared once, at its end. 25 when absent. */
  roundsPerStack?: number;
  /** Milliseconds over which a round's input comes, so that services are at work for as long as the fault lasts. 12 s when absent. */
  lasts?: number;
  /** Share of the input that is sent before the first round; none when absent. */
  sentBefore?: number;
  brokers?: 1 | 3;
  /** Something stands between services and brokers. */
  proxiedKafka?: true;
  /** A round's input is in Kafka before it begins: there is no broker to send it to. */
  inputFirst?: true;
  /** The services take their schemas from a registry. */
  registry?: true;
  /** Tables are not merged, so that a row which was written twice can be counted. */
  unmerged?: true;
  /** Why it cannot be tried on this machine; null when it can. */
  cannotRun?(): string | null;
  /** Before anything is started in `dir`; gives what undoes it. */
  prepare?(dir: string): Promise<() => Promise<void>>;
  /** One disturbance while input arrives; says what it did. Rejects when something did not behave. */
  round(rig: Rig, random: SeededRandom, round: number): Promise<string | Aimed>;
  /** When a stack's rounds are over; says what it saw in all of them. Rejects when something did not behave. */
  over?(rig: Rig): Promise<string>;
}
