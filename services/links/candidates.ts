import type { LinkAttribute } from '../records/link-observation.ts';
import { DECISIVE, type EvidenceDeps } from './evidence.ts';

/** Whom an account may be linked with. Good while the index is at rest: what many accounts ask for is remembered. */
export interface Candidates {
  /**
   * Accounts that registered like this one or draw on the same queue, by what weighs anything: by the rest nobody is linked. Of each attribute the earliest and the
   * latest members only: a late member of a large ring meets its founders and its latest recruits, not everybody, which keeps the work for an attribute linear in
   * its members. Of a queue of thousands the founders and those that came right before it: latest recruits that are others every day would be links without end.
   */
  registeredAlike(id: string): Set<string>;
  /** The same by their numbers. */
  numbersRegisteredAlike(id: string): ReadonlySet<number>;
  /** Of those only who also shares one of these attributes: nobody else can have become linked with the account by them. Looks at no account but those it finds. */
  alikeIn(id: string, attributes: Iterable<LinkAttribute>): Set<string>;
  /** Accounts that use the same templates, both often enough that they can be in step round the clock; of none of its queues: those are linked by the queue. */
  activeAlike(id: string): Set<string>;
}

export function createCandidates({ index, weights, settings }: EvidenceDeps): Candidates {
  const { compared, lockstep } = settings;
  const users = new Map<string, readonly User[]>();
  /** Of a template, those compared. Most have one user, who is not remembered: that of all of them would be as much as the index itself. */
  const usersOf = (template: string): readonly User[] => {
    const known = users.get(template);
    if (known !== undefined) return known;
    const numbers = index.memberNumbers('template', template, compared);
    if (numbers.length < 2) return NOBODY;
    const found = numbers.map((number) => ({
      number,
      bins: index.known(index.idOf(number))?.bins.get(template)?.length ?? 0,
    }));
    users.set(template, found);
    return found;
  };
  const drawing = new Map<string, ReadonlySet<number>>();
  const drawingOn = (queue: string): ReadonlySet<number> => {
    const known = drawing.get(queue) ?? new Set(index.memberNumbers('work_queue', queue));
    drawing.set(queue, known);
    return known;
  };
  const registered = (id: string): Set<number> => {
    const owner = index.known(id);
    const found = new Set<number>();
    if (owner === undefined) return found;
    for (const kind of DECISIVE) {
      for (const value of owner.sightings.get(kind)?.keys() ?? []) {
        if (weights.of(kind, value).weight === 0) continue;
        const others =
          kind === 'work_queue'
            ? index.memberNumbersBefore(owner.number, kind, value, compared)
            : index.memberNumbers(kind, value, compared);
        for (const other of others) found.add(other);
      }
    }
    found.delete(owner.number);
    return found;
  };
  const idsOf = (numbers: Iterable<number>): Set<string> => new Set([...numbers].map(index.idOf));

  return {
    registeredAlike: (id) => idsOf(registered(id)),
    numbersRegisteredAlike: registered,
    alikeIn(id, attributes) {
      const sharing: number[][] = [];
      for (const { kind, value } of attributes) {
        const members = index.memberNumbers(kind, value);
        // Most wordings are one account's: it need not be asked whom it registered like.
        if (members.length > 1) sharing.push(members);
      }
      if (sharing.length === 0) return new Set();
      const possible = registered(id);
      const found = new Set<number>();
      for (const members of sharing) for (const other of members) if (possible.has(other)) found.add(other);
      return idsOf(found);
    },
    activeAlike(id) {
      const owner = index.known(id);
      const least = lockstep.roundTheClock.bins;
      let all = 0;
      for (const bins of owner?.bins.values() ?? []) all += bins.length;
      if (owner === undefined || all < least) return new Set();
      const possible = new Map<number, number>();
      for (const [template, { length }] of owner.bins) {
        for (const { number, bins } of usersOf(template))
          possible.set(number, (possible.get(number) ?? 0) + Math.min(bins, length));
      }
      possible.delete(owner.number);
      const queues = [...(owner.sightings.get('work_queue')?.keys() ?? [])].map(drawingOn);
      const inStep = [...possible].filter(([number, most]) => most >= least && !queues.some((on) => on.has(number)));
      return idsOf(inStep.map(([number]) => number));
    },
  };
}

/** In how many bins an account, by its number, used a template. */
interface User {
  number: number;
  bins: number;
}

const NOBODY: readonly User[] = [];
