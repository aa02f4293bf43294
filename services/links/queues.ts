import { BIN_LENGTH } from './lockstep.ts';
import type { QueueSettings } from './settings.ts';
import { bundles } from './work-bundle.ts';
import type { WorkLog } from './work-log.ts';
import { judgeWork } from './work-queue.ts';

/** An account that draws on a queue, under the queue's name. */
export interface QueueMember {
  id: string;
  queue: string;
}

/** Accounts that draw on one queue, as of `now`; from then on everybody who does that work is recorded. */
export function findQueueMembers(log: WorkLog, now: number, settings: QueueSettings): QueueMember[] {
  const members: QueueMember[] = [];
  const units = new Set<string>();
  for (const bundle of bundles(log.review(now), settings)) {
    const finding = judgeWork(bundle, Math.floor(now / BIN_LENGTH), settings);
    if (finding === null || finding.members.length < settings.leastAccounts) continue;
    for (const id of finding.members) members.push({ id, queue: bundle.name });
    for (const unit of bundle.units) units.add(unit);
  }
  log.markQueues(units);
  return members;
}
