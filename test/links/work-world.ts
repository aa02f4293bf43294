import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { type SeededRandom, seededRandom } from '../support/random.ts';
import { account, type Input, names, registered, START, seen } from './world.ts';

/** A call of one account on one piece of work. */
export interface Job {
  id: string;
  at: number;
  /** The template, then bands. */
  units: readonly string[];
  filling: number;
}

/** What `calls` reports of it. */
export function reported({ id, at, units: [template, ...bands], filling }: Job): Input {
  const bin = Math.floor(at / (5 * MINUTE));
  const value = `${bin}:${template}:${filling.toString(16).padStart(8, '0')}:${bands.join(',')}`;
  return seen(id, (Math.floor(at / MINUTE) + 1) * MINUTE, [{ kind: 'work', value }]);
}

/** Accounts with nothing in common but their work. */
export function strangers(ids: readonly string[]): Input[] {
  return ids.map((id, i) =>
    registered(
      account(id, { created_at: START - 40 * DAY - i * 7 * HOUR, updated_at: START - 40 * DAY - i * 7 * HOUR }),
    ),
  );
}

export function poisson(random: SeededRandom, from: number, to: number, aDay: number): number[] {
  const times: number[] = [];
  for (let at = from; ; ) {
    at += (-Math.log(1 - random.next()) * DAY) / aDay;
    if (at >= to) return times;
    times.push(at);
  }
}

export type Dispatch = 'round robin' | 'random' | 'sticky' | 'least loaded';

interface Pool {
  accounts: number;
  callsADay: number;
  dispatch: Dispatch;
  days?: number;
  seed: number;
  /** Units of the n-th template as an account words it. */
  units: (template: number, account: number) => readonly string[];
  templates?: number;
}

/** One queue of fresh fillings over a pool: what relay software does. */
export function pool({ accounts, callsADay, dispatch, days = 3, seed, units, templates = 4 }: Pool): Job[] {
  const random = seededRandom(seed);
  const ids = names('pool', accounts);
  const load = new Array<number>(accounts).fill(0);
  const workers = Math.round(accounts * 0.3);
  const SESSION = 5 * HOUR;
  let turn = -1;
  const next = (at: number): number => {
    turn++;
    if (dispatch === 'round robin') return turn % accounts;
    if (dispatch === 'random') return random.below(accounts);
    if (dispatch === 'sticky') {
      // Workers take turns, and each moves on to the next account when its five hours are over.
      const worker = turn % workers;
      const tenure = Math.floor((at - START) / SESSION + worker / workers);
      return (worker + tenure * workers) % accounts;
    }
    const least = load.indexOf(Math.min(...load));
    load[least] = (load[least] ?? 0) + Math.exp(random.next() * 2);
    return least;
  };
  return poisson(random, START, START + days * DAY, accounts * callsADay).map((at) => {
    const account = next(at);
    return {
      id: ids[account] ?? '',
      at,
      units: units(random.below(templates), account),
      filling: random.below(2 ** 32),
    };
  });
}

interface Users {
  users: number;
  seed: number;
  units: readonly string[];
  /** Calls a day of the n-th user. */
  callsADay: (random: SeededRandom, user: number) => number;
  /** Calls of one sitting, and minutes between two of them. */
  sitting: number;
  pause: number;
  /** Hours a day in which they may sit down: 24, or hours of their own. */
  awake: number;
  fillings?: (random: SeededRandom) => number;
  days?: number;
}

/** Independent users of one application, all over the world. */
export function users({ users, seed, units, callsADay, sitting, pause, awake, days = 3, ...own }: Users): Job[] {
  const random = seededRandom(seed);
  const filling = own.fillings ?? ((source: SeededRandom) => source.below(2 ** 32));
  return names('user', users).flatMap((id, user) => {
    const zone = random.below(24);
    const sittings = (callsADay(random, user) / sitting) * (24 / awake);
    const isAwake = (at: number): boolean => (Math.floor((at - START) / HOUR) + zone) % 24 < awake;
    return poisson(random, START, START + days * DAY, sittings)
      .filter(isAwake)
      .flatMap((start) =>
        Array.from({ length: sitting }, (_, i) => ({
          id,
          at: Math.round(start + i * pause * MINUTE * (0.5 + random.next())),
          units,
          filling: filling(random),
        })),
      );
  });
}

/** ServeGen's spread of rates between clients: sigma 1.6 of the logarithm. */
export function spreadRate(random: SeededRandom, median: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.min(400, median * Math.exp(1.6 * normal));
}
