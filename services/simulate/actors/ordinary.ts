import type { Account } from '../../records/account.ts';
import { clientArrivals, DAY_MS, drawActiveShare, drawInterarrivalCv, type Rhythm } from '../arrivals.ts';
import { type Client, type ClientFamily, drawClient } from '../clients.ts';
import { clamp, exponential, logNormal, type Weighted, weighted } from '../distributions.ts';
import type { Country } from '../identity.ts';
import { accessEndpoint, type Endpoint, hostingEndpoint } from '../network.ts';
import type { Random } from '../random.ts';
import type { Member } from '../traffic.ts';
import { type Category, drawModel, drawWork, type Work } from '../work.ts';
import type { TruthKind, TruthRow, World } from '../world.ts';

/** How many calls a day ordinary clients make. */
export interface RateSpec {
  /** Share of small accounts, evenly drawn on a log scale between the two bounds. No public source: sweep it. */
  lowTailShare: number;
  lowTail: readonly [number, number];
  /** The others: LogNormal with this median and sigma of the logarithm (ServeGen: 1.6 to 2.7), cut at `cap`. */
  median: number;
  sigma: number;
  cap: number;
}

export const RATES: RateSpec = { lowTailShare: 0.6, lowTail: [5, 30], median: 6, sigma: 2, cap: 800 };

export function drawCallsPerDay(random: Random, spec: RateSpec): number {
  const [low, high] = spec.lowTail;
  if (random.chance(spec.lowTailShare)) return low * (high / low) ** random.next();
  return clamp(logNormal(random, Math.log(spec.median), spec.sigma), 0.2, spec.cap);
}

const CATEGORIES: Weighted<Category> = [
  ['chat', 0.32],
  ['code', 0.22],
  ['extract', 0.16],
  ['rag', 0.14],
  ['agent', 0.08],
  ['complete', 0.05],
  ['embeddings', 0.03],
];

export function drawCategory(random: Random): Category {
  return weighted(random, CATEGORIES);
}

const CLIENTS: Readonly<Record<Category, Weighted<ClientFamily>>> = {
  chat: [
    ['python', 0.35],
    ['javascript', 0.3],
    ['browser', 0.2],
    ['curl', 0.05],
    ['backend', 0.1],
  ],
  code: [
    ['ide', 0.5],
    ['command_line_agent', 0.3],
    ['python', 0.15],
    ['curl', 0.05],
  ],
  complete: [
    ['ide', 0.8],
    ['backend', 0.2],
  ],
  extract: [
    ['python', 0.5],
    ['backend', 0.25],
    ['javascript', 0.15],
    ['framework', 0.1],
  ],
  rag: [
    ['python', 0.4],
    ['framework', 0.4],
    ['javascript', 0.2],
  ],
  agent: [
    ['python', 0.4],
    ['framework', 0.3],
    ['javascript', 0.2],
    ['command_line_agent', 0.1],
  ],
  embeddings: [
    ['python', 0.6],
    ['framework', 0.4],
  ],
};

const PEOPLE: ReadonlySet<Category> = new Set(['chat', 'code', 'complete']);

/** Applications of customers run at hosting providers, people sit at access lines, some with a phone as well. */
export function drawEndpoints(random: Random, category: Category, country: string): Endpoint[] {
  const hosted = random.chance(PEOPLE.has(category) ? 0.2 : 0.8);
  const count = 1 + Math.floor(exponential(random, 0.6));
  const endpoints: Endpoint[] = [];
  for (let i = 0; i < Math.min(count, 5); i += 1)
    endpoints.push(hosted ? hostingEndpoint(random) : accessEndpoint(random, country));
  return endpoints;
}

export function drawRhythm(random: Random, category: Category, callsPerDay: number, country: Country): Rhythm {
  const people = PEOPLE.has(category);
  const small = callsPerDay < 40;
  // A handful of calls a day comes in few sittings; ServeGen's shares are of clients that call far more.
  const activeShare = small ? 0.02 + 0.1 * random.next() : drawActiveShare(random);
  return {
    callsPerDay,
    interarrivalCv: drawInterarrivalCv(random),
    activeShare,
    spellWindows: people ? 1 + exponential(random, 3) : 2 + exponential(random, 12),
    hourProfile: people
      ? random.pick(['people', 'people', 'day', 'sharp'])
      : random.pick(['flat', 'flat', 'day', 'sharp']),
    utcOffset: country.utcOffset,
    weekendFactor: people ? 0.35 + 0.6 * random.next() : 0.5 + 0.5 * random.next(),
  };
}

/** The model a client uses over time: its own, and the new one from the day it gets round to it, if ever. */
export function ordinaryModel(random: Random, world: World, model: string, eagerness = 1): (time: number) => string {
  const { launch } = world;
  if (launch === null || !model.startsWith('nimbus-large') || !random.chance(Math.min(1, 0.5 * eagerness)))
    return () => model;
  const adoption = launch.at + exponential(random, (12 * DAY_MS) / eagerness);
  return (time) => (time >= adoption ? launch.model : model);
}

export interface MemberOptions {
  account: Account;
  country: Country;
  category: Category;
  callsPerDay: number;
  endpoints?: readonly Endpoint[];
  client?: Client;
  work?: readonly Work[];
  rhythm?: Partial<Rhythm>;
  arrivals?: Iterable<number>;
  failureShare?: number;
  modelAt?: (time: number) => string;
}

/** A client with everything drawn that the options leave open. */
export function ordinaryMember(world: World, random: Random, options: MemberOptions): Member {
  const { account, category, country } = options;
  const keys: string[] = [];
  for (let i = 1 + Math.floor(exponential(random, 0.5)); i > 0; i -= 1) keys.push(`key_${random.hex(12)}`);
  const rhythm = { ...drawRhythm(random, category, options.callsPerDay, country), ...options.rhythm };
  const endpoints = drawEndpoints(random, category, country.code);
  const client = drawClient(random, CLIENTS[category]);
  const work = options.work ?? drawWork(random, world.prompts, category, country.chinese);
  const modelAt = ordinaryModel(random, world, drawModel(random, category));
  return {
    accountId: account.account_id,
    apiKeys: keys,
    endpoints: options.endpoints ?? endpoints,
    client: options.client ?? client,
    work,
    failureShare: options.failureShare ?? 0.01 + 0.04 * random.next(),
    arrivals:
      options.arrivals ??
      clientArrivals(random.fork('arrivals'), rhythm, Math.max(world.start, account.created_at), world.end),
    modelAt: options.modelAt ?? modelAt,
  };
}

export function truthRow(account: Account, actor: string, kind: TruthKind, name: string): TruthRow {
  return { account_id: account.account_id, actor, kind, name };
}
