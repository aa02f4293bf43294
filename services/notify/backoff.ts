/**
 * Milliseconds to wait after failed attempt `attempt` (1 is the first). Doubles up to `longest`; half of it is left to `random`, uniform in [0, 1), at
 * every length, so that many senders do not come back to a receiver at the same moment ("equal jitter", M. Brooker, AWS Architecture Blog, 2015).
 */
export function backoff({
  attempt,
  first,
  longest,
  random,
}: {
  attempt: number;
  first: number;
  longest: number;
  random: number;
}): number {
  const ceiling = Math.min(longest, first * 2 ** (attempt - 1));
  return ceiling / 2 + random * (ceiling / 2);
}
