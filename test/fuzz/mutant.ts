import type { Account } from '../../services/records/account.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import type { SeededRandom } from '../support/random.ts';

/** What must become of a message: a dead letter; anything but a dead letter; or the one or the other. */
export type Fate = 'dead' | 'alive' | 'any';

/** What a kind of mutant is made from. */
export interface Draw {
  random: SeededRandom;
  /** A good call of this moment, a new object each time. */
  call(): ApiCall;
  account(): Account;
  encodeCall(call: ApiCall): Buffer;
  encodeAccount(account: Account): Buffer;
  /** Values of calls sent before, good ones; never empty. */
  earlier: readonly Buffer[];
}

/** Key: that of the account when absent. */
export interface Made {
  key?: Buffer | null;
  value: Buffer | null;
}

export interface Kind {
  name: string;
  fate: Fate;
  /** How often, against the other kinds. */
  weight: number;
  topic: 'calls' | 'accounts';
  make(draw: Draw): Made;
}

/** One message as it is sent. */
export interface Mutant extends Required<Made> {
  index: number;
  kind: Kind;
  /** Kafka's time stamp. */
  timestamp: number;
}

export function oneOf<Value>(random: SeededRandom, values: readonly Value[]): Value {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new RangeError('nothing to choose from');
  return value;
}

export function randomBytes(random: SeededRandom, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = random.below(256);
  return bytes;
}
