import type { Hasher } from '../fingerprint/hasher.ts';
import type { AccountChange } from '../records/account.ts';
import type { Assignment } from '../records/assignment.ts';
import type { LinkObservation } from '../records/link-observation.ts';
import { MINUTE, windowEnd } from '../records/window.ts';
import type { Emit, StepFactory } from '../stream/step.ts';
import { createLinker } from './linker.ts';
import { DEFAULT_LINK_SETTINGS, type LinkSettings } from './settings.ts';

export interface LinksInputs {
  link_observations: LinkObservation;
  accounts: AccountChange;
}

export interface LinksOutputs {
  assignments: Assignment;
}

export interface LinksDeps {
  hasher: Hasher;
  settings?: LinkSettings;
}

/** What has arrived but is not yet in force: decided on when the watermark reaches its time, so that the order of arrival decides nothing. */
interface Waiting {
  observations: LinkObservation[];
  changes: AccountChange[];
}

/**
 * Link observations and accounts in; who belongs to which cluster out. Decides at the minutes at which something comes into force or expires, each in
 * turn however far the watermark jumps. What arrives after its minute was passed is in force from the next one on.
 */
export function createLinksStep({
  hasher,
  settings = DEFAULT_LINK_SETTINGS,
}: LinksDeps): StepFactory<LinksInputs, LinksOutputs> {
  return ({ tables, count }) => {
    const waiting = tables.table<Waiting>('waiting');
    const clock = tables.table<number>('clock');
    const linker = createLinker({ tables, hasher, settings, count });

    const waitingAt = (time: number): Waiting => waiting.get(String(time)) ?? { observations: [], changes: [] };

    /** First whole minute at or after `time` that is not passed. */
    const tickOf = (time: number): number => {
      const tick = windowEnd('minute', time - 1);
      const watermark = clock.get('watermark');
      if (watermark === undefined || tick > watermark) return tick;
      count('late', 'decided');
      return watermark + MINUTE;
    };

    const decide = (time: number, emit: Emit<LinksOutputs>): void => {
      const { observations, changes } = waitingAt(time);
      waiting.delete(String(time));
      for (const { assignment, partition } of linker.decide(time, changes, observations))
        emit('assignments', assignment, partition);
    };

    return {
      onRecord(input, record) {
        // The input's name says which of the two it is.
        const time = tickOf(
          input === 'accounts' ? (record as AccountChange).at : (record as LinkObservation).observed_at,
        );
        const entry = waitingAt(time);
        if (input === 'accounts') entry.changes.push(record as AccountChange);
        else entry.observations.push(record as LinkObservation);
        waiting.set(String(time), entry);
      },
      onWatermark(watermark, emit) {
        const times: number[] = [];
        for (const [time] of waiting.entries()) if (Number(time) <= watermark) times.push(Number(time));
        times.sort((a, b) => b - a);
        for (;;) {
          const arrived = times.at(-1) ?? Number.POSITIVE_INFINITY;
          const time = Math.min(arrived, linker.nextDecision() ?? Number.POSITIVE_INFINITY);
          if (time > watermark) break;
          if (time === arrived) times.pop();
          decide(time, emit);
        }
        clock.set('watermark', watermark);
      },
    };
  };
}
