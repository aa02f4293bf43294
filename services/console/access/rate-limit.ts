import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refused } from '../changes.ts';
import { networkOf } from './network.ts';
import { personOf } from './tokens.ts';

const MINUTE = 60_000;
/** People, and networks of those whom nobody knows; the one not seen for longest gives way. */
const MOST_COUNTED = 10_000;

/** Bounds how often each person asks, whatever they ask for and with however many tokens, sessions and addresses. The routes are for a plugin that is registered later. */
export function addRateLimit(app: FastifyInstance, perMinute: number): void {
  app.register(rateLimit, {
    max: perMinute,
    timeWindow: MINUTE,
    cache: MOST_COUNTED,
    keyGenerator: whoAsks,
    errorResponseBuilder: (_, { max, ttl }) =>
      new Refused(
        429,
        'too_many',
        `more than ${max} requests in a minute: none is answered for ${Math.ceil(ttl / 1_000)} s`,
        'wait as long as Retry-After says; console.requests_per_minute is the bound',
      ),
  });
}

function whoAsks({ asker, ip }: FastifyRequest): string {
  return asker === null ? `network ${networkOf(ip)}` : personOf(asker);
}
