import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEnrich } from '../../services/calls/enrich.ts';
import { createNetworkResolver } from '../../services/calls/network.ts';
import { createClientClassifier } from '../../services/calls/user-agent.ts';
import { createFingerprinter } from '../../services/fingerprint/fingerprint.ts';
import { createHasher, type HasherKeys } from '../../services/fingerprint/hasher.ts';
import type { LineError } from '../../services/records/json-lines.ts';
import { type ReplayOptions, replay } from '../../services/replay/replay.ts';
import type { ReplaySummary } from '../../services/replay/summary.ts';
import { parseRules } from '../../services/rules/parse.ts';
import { VOCABULARY } from '../../services/rules/vocabulary.ts';
import { DEFAULT_RULES } from '../../services/run/context.ts';

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
  const rules = parseRules(readFileSync(DEFAULT_RULES, 'utf8'), VOCABULARY);
  if (!rules.ok) throw new Error('the rules that come with stillwatch have errors');
  const enrich = createEnrich({
    hasher,
    fingerprinter: createFingerprinter(hasher),
    classifyClient: createClientClassifier(),
    resolveNetwork: createNetworkResolver(null),
  });
  return await replay({
    calls: [calls],
    accounts,
    rules: rules.rules,
    grace: 60_000,
    database: 'stillwatch',
    bounds: { earliest: 0, latest: Date.UTC(2030, 0, 1) },
    enrich,
    hasher,
    ...more,
  });
}
