import type { Hasher } from '../fingerprint/hasher.ts';
import type { AccountChange } from '../records/account.ts';
import type { Assignment } from '../records/assignment.ts';
import type { LinkObservation } from '../records/link-observation.ts';
import type { Emit, StepFactory } from '../stream/step.ts';
import { createLinker } from './linker.ts';

export interface LinksInputs {
  link_observations: LinkObservation;
  accounts: AccountChange;
}

export interface LinksOutputs {
  assignments: Assignment;
}

/** What has arrived but is not yet in force: decided on when the watermark reaches its time, so that the order of arrival decides nothing. */
interface Waiting {
  observations: LinkObservation[];
  changes: AccountChange[];
}

/** Link observations and accounts in; who belongs to which cluster out. Decides at the ticks at which something new is in force. */
export function createLinksStep({ hasher }: { hasher: Hasher }): StepFactory<LinksInputs, LinksOutputs> {
  return ({ tables, count }) => {
    const waiting = tables.table<Waiting>('waiting');
    const linker = createLinker({ tables, hasher, count });

    const waitingAt = (time: number): Waiting => waiting.get(String(time)) ?? { observations: [], changes: [] };

    const decide = (time: number, emit: Emit<LinksOutputs>): void => {
      const { observations, changes } = waitingAt(time);
      waiting.delete(String(time));
      for (const { assignment, partition } of linker.decide(time, changes, observations))
        emit('assignments', assignment, partition);
    };

    return {
      onRecord(input, record) {
        if (input === 'link_observations') {
          const observation = record as LinkObservation; // the input's name says which of the two it is
          const entry = waitingAt(observation.observed_at);
          entry.observations.push(observation);
          waiting.set(String(observation.observed_at), entry);
        } else {
          const change = record as AccountChange;
          const entry = waitingAt(linker.tickOf(change.at));
          entry.changes.push(change);
          waiting.set(String(linker.tickOf(change.at)), entry);
        }
      },
      onWatermark(watermark, emit) {
        const times = [...waiting.entries()].map(([time]) => Number(time)).filter((time) => time <= watermark);
        for (const time of linker.decisionTimes(times, watermark)) decide(time, emit);
      },
    };
  };
}
