import { createHmac, timingSafeEqual } from 'node:crypto';

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`: says who sent a body, and when. */
export function sign(body: string, key: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Seconds that the sender's clock may be off, either way. */
const MOST_SKEW = 60;

export function isSigned(body: string, key: string, signature: string, now: number): boolean {
  const seconds = Number(/^t=(\d{1,12}),/.exec(signature)?.[1]);
  if (!(Math.abs(now / 1_000 - seconds) <= MOST_SKEW)) return false;
  const [given, wanted] = [Buffer.from(signature), Buffer.from(sign(body, key, seconds))];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
