import type { Logger } from 'pino';
import { networkOf } from './network.ts';
import type { Identity, Tokens } from './tokens.ts';

/** Nobody mistypes a token more often; a guesser would need ages. */
export const WRONG_A_MINUTE = 10;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Networks whose wrong tokens are counted, or whose right ones were seen; the one that began first gives way. */
const MOST_NETWORKS = 10_000;

export interface Guesses {
  /** Whose token it is, null for nobody's, or the milliseconds for which no token from this address is looked at, not even a right one. */
  identify(token: string, address: string): Identity | null | number;
}

/**
 * Counts wrong tokens by where they come from, however they are sent. A right one costs nothing: programs ask often. Hence it is in the log once an hour for each
 * place that it is used from; who is refused is there each time (answers.ts).
 */
export function createGuesses({ identify }: Tokens, now: () => number, log: Pick<Logger, 'info'>): Guesses {
  const seen = new Map<string, number>();
  const counted = new Map<string, { wrong: number; ends: number }>();
  const countOf = (network: string): { wrong: number; ends: number } => {
    const found = counted.get(network);
    return found === undefined || found.ends <= now() ? { wrong: 0, ends: now() + MINUTE } : found;
  };
  return {
    identify(token, address) {
      const network = networkOf(address);
      const { wrong, ends } = countOf(network);
      if (wrong >= WRONG_A_MINUTE) return ends - now();
      const identity = identify(token);
      if (identity === null) keep(counted, network, { wrong: wrong + 1, ends });
      else if ((seen.get(`${identity.name} ${network}`) ?? 0) <= now()) {
        keep(seen, `${identity.name} ${network}`, now() + HOUR);
        log.info({ ...identity, address }, 'a token is used, from there for the first time in an hour');
      }
      return identity;
    },
  };
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  for (const oldest of map.keys()) {
    if (map.size < MOST_NETWORKS) break;
    map.delete(oldest);
  }
  map.set(key, value);
}
