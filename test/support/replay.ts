import { join } from 'node:path';
import { createHasher, type HasherKeys } from '../../services/fingerprint/hasher.ts';
import type { LineError } from '../../services/records/json-lines.ts';
import { type ReplayOptions, replay } from '../../services/replay/replay.ts';
import type { ReplaySummary } from '../../services/replay/summary.ts';
import { enrichWith, shippedRules } from './shipped.ts';

export const TEST_KEYS: HasherKeys = { key: 'a key for tests', previous: null };

/** A replay in this process of one file of calls, without accounts, telling of each bad line. */
export function replayWithErrors(
  calls: string,
  out: string,
  onLineError: (error: LineError) => void,
): Promise<ReplaySummary> {
  return replayFiles(calls, [], { out, onLineError });
}

/** A replay in this process of what `stillwatch simulate` wrote. */
export function replayFolder(
  folder: string,
  out: string,
  more: Pick<ReplayOptions, 'resume' | 'progress' | 'thread'> = {},
): Promise<ReplaySummary> {
  const onLineError = (error: LineError): never => {
    throw new Error(`a bad line in simulated traffic: ${error.message}`);
  };
  return replayFiles(join(folder, 'calls.jsonl'), [join(folder, 'accounts.jsonl')], { out, onLineError, ...more });
}

async function replayFiles(
  calls: string,
  accounts: string[],
  more: Pick<ReplayOptions, 'out' | 'onLineError' | 'resume' | 'progress' | 'thread'>,
): Promise<ReplaySummary> {
  const hasher = createHasher(TEST_KEYS.key);
  const enrich = enrichWith(hasher);
  return await replay({
    calls: [calls],
    accounts,
    rules: shippedRules(),
    grace: 60_000,
    database: 'stillwatch',
    runbooks: '',
    bounds: { earliest: 0, latest: Date.UTC(2030, 0, 1) },
    enrich,
    hasher,
    ...more,
  });
}
