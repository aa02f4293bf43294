import { type MessagePort, workerData } from 'node:worker_threads';
import { createHasher, type HasherKeys } from '../fingerprint/hasher.ts';
import type { LinkSettings } from '../links/settings.ts';
import type { AccountChange } from '../records/account.ts';
import type { Assignment } from '../records/assignment.ts';
import type { LinkObservation } from '../records/link-observation.ts';
import type { WatermarkMark } from '../stream/watermarks.ts';
import type { ChainRecord } from './chain-step.ts';
import { createLinksLane } from './links-lane.ts';

export interface ThreadData {
  port: MessagePort;
  /** Questions answered so far, for whoever waits. */
  answered: Int32Array;
  /** Functions do not cross into a thread: it makes the hasher anew. */
  keys: HasherKeys;
  settings: LinkSettings | undefined;
  restored: readonly ChainRecord[];
}

export type Question =
  | {
      kind: 'mark';
      before: readonly ({ change: AccountChange } | { observation: LinkObservation })[];
      mark: WatermarkMark;
    }
  | { kind: 'save' };

export type Answer =
  | {
      kind: 'marked';
      assignments: Assignment[];
      mark: WatermarkMark;
      counts: [name: string, reason: string, by: number][];
    }
  | { kind: 'saved'; records: ChainRecord[] }
  | { kind: 'failed'; error: unknown };

const { port, answered, keys, settings, restored }: ThreadData = workerData;
let assignments: Assignment[] = [];
let counts: [name: string, reason: string, by: number][] = [];

function answer(one: Answer): void {
  port.postMessage(one);
  Atomics.add(answered, 0, 1);
  Atomics.notify(answered, 0);
}

const lane = createLinksLane(
  { hasher: createHasher(keys.key, keys.previous), settings, restored },
  {
    assignment: (assignment) => assignments.push(assignment),
    count: (...counted) => counts.push(counted),
    marked(mark) {
      answer({ kind: 'marked', assignments, mark, counts });
      assignments = [];
      counts = [];
    },
  },
);

port.on('message', (question: Question) => {
  try {
    if (question.kind === 'save') {
      answer({ kind: 'saved', records: [...lane.save()] });
      return;
    }
    for (const input of question.before) {
      if ('change' in input) lane.account(input.change);
      else lane.observation(input.observation);
    }
    lane.mark(question.mark);
  } catch (error) {
    answer({ kind: 'failed', error });
  }
});
