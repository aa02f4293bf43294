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
type Waiting = { change: AccountChange } | { observation: LinkObservation };

/**
 * Link observations and accounts in; who belongs to which cluster out. Decides at the minutes at which something comes into force or expires, each in
 * turn however far the watermark jumps. What arrives after its minute was passed is in force from the next one on.
 */
export function createLinksStep({
  hasher,
  settings = DEFAULT_LINK_SETTINGS,
}: LinksDeps): StepFactory<LinksInputs, LinksOutputs> {
  return ({ tables, count }) => {
    const waiting = tables.queue<Waiting>('waiting');
    const clock = tables.table<number>('clock');
    const linker = createLinker({ tables, hasher, settings, count });

    /** First whole minute at or after `time` that is not passed. */
    const tickOf = (time: number): number => {
      const tick = windowEnd('minute', time - 1);
      const watermark = clock.get('watermark');
      if (watermark === undefined || tick > watermark) return tick;
      count('late', 'decided');
      return watermark + MINUTE;
    };

    const decide = (time: number, emit: Emit<LinksOutputs>): void => {
      const changes: AccountChange[] = [];
      const observations: LinkObservation[] = [];
      for (const entry of waiting.take(time)) {
        if ('change' in entry) changes.push(entry.change);
        else observations.push(entry.observation);
      }
      for (const { assignment, partition } of linker.decide(time, changes, observations))
        emit('assignments', assignment, partition);
    };

    return {
      onRecord(input, record) {
        // The input's name says which of the two it is.
        if (input === 'accounts') {
          const change = record as AccountChange;
          waiting.push(tickOf(change.at), { change });
        } else {
          const observation = record as LinkObservation;
          waiting.push(tickOf(observation.observed_at), { observation });
        }
      },
      onWatermark(watermark, emit) {
        const times = waiting.times(watermark).reverse();
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
