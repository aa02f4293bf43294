import type { Hasher } from '../fingerprint/hasher.ts';
import type { LinkSettings } from '../links/settings.ts';
import { createLinksStep } from '../links/step.ts';
import type { AccountChange } from '../records/account.ts';
import type { Assignment } from '../records/assignment.ts';
import type { LinkObservation } from '../records/link-observation.ts';
import { TOPICS } from '../stream/topics.ts';
import type { WatermarkMark } from '../stream/watermarks.ts';
import { type ChainRecord, createChainStep } from './chain-step.ts';

/** The links step of a chain. What goes in comes out in the same order wherever it runs: here, or in a thread (links-in-thread.ts). */
export interface LinksLane {
  account(change: AccountChange): void;
  observation(observation: LinkObservation): void;
  /** All before it has come in. The output says when what follows from it has come out. */
  mark(mark: WatermarkMark): void;
  /** All marks have come out. */
  settle(): void;
  /** After `settle`. */
  save(): Iterable<ChainRecord>;
  close(): void;
}

export interface LinksOutput {
  assignment(assignment: Assignment): void;
  /** All assignments until this mark have come out. */
  marked(mark: WatermarkMark): void;
  count(name: string, reason: string, by: number): void;
}

export interface LinksLaneOptions {
  hasher: Hasher;
  /** Other than the product's own. */
  settings: LinkSettings | undefined;
  restored: readonly ChainRecord[];
}

const ORIGIN = { topic: 'replay', partition: 0, offset: '0' };

export function createLinksLane({ hasher, settings, restored }: LinksLaneOptions, output: LinksOutput): LinksLane {
  const links = createChainStep({
    step: 'links',
    factory: createLinksStep({ hasher, ...(settings === undefined ? {} : { settings }) }),
    inputs: [
      { name: 'link_observations', topic: TOPICS.linkObservations, partition: 0, time: { kind: 'marks' } },
      { name: 'accounts', topic: TOPICS.accounts, partition: 0, time: { kind: 'table' } },
    ],
    emit: (_, assignment) => output.assignment(assignment),
    count: output.count,
    restored,
  });
  return {
    account: (change) => links.record(1, change, ORIGIN),
    observation: (observation) => links.record(0, observation, ORIGIN),
    mark(mark) {
      links.mark(0, mark);
      output.marked(mark);
    },
    settle() {},
    save: links.save,
    close() {},
  };
}
