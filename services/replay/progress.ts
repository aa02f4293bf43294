import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { StillwatchError } from '../platform/errors.ts';
import type { ChainRecord } from './chain-step.ts';
import type { FlaggedState } from './flagged-accounts.ts';
import { readRecords, writeRecords } from './record-file.ts';
import type { ReplayOptions } from './replay.ts';

/** Where a replay is, and what it remembers besides its chain. Plain data. */
export interface Progress {
  calls: number;
  counts: Map<string, number>;
  flagged: FlaggedState;
  /** Bytes of each file of results, by its name. */
  written: Map<string, number>;
  wallSeconds: number;
  cpuSeconds: number;
}

/** What was asked of a replay, by what a person would call it: another one cannot go on where it was. */
type Asked = Record<string, unknown>;

function askedOf({ calls, accounts, rules, reloads, grace, database, bounds, hasher }: ReplayOptions): Asked {
  const sized = (files: readonly string[]): unknown => files.map((file) => [file, statSync(file).size]);
  return {
    '--calls': sized(calls),
    '--accounts': sized(accounts),
    '--rules': [rules.hash, ...(reloads ?? []).map((reload) => [reload.rules.hash, reload.effective_at])],
    stream: { grace, database, earliest: bounds.earliest },
    // Of the key only what it makes of a word.
    'fingerprint.key': String(hasher.at(0).hash64('the key of this replay')),
  };
}

/** Replaces what `file` holds; a replay that is killed meanwhile goes on from the time before. */
export function keepProgress(
  file: string,
  options: ReplayOptions,
  progress: Progress,
  chain: Iterable<ChainRecord>,
): void {
  const records = function* (): Generator<unknown> {
    yield askedOf(options);
    yield progress;
    yield* chain;
  };
  writeRecords(file, records());
}

/** null: there is nothing to go on from. The chain's records are read as they are asked for. */
export function readProgress(
  file: string,
  options: ReplayOptions,
): { progress: Progress; chain: Iterable<ChainRecord> } | null {
  if (!existsSync(file)) return null;
  // In the order in which `keepProgress` writes them.
  const records = readRecords(file);
  const before = records.next().value as Asked;
  const other = Object.entries(askedOf(options)).find(([name, value]) => !isDeepStrictEqual(before[name], value));
  if (other !== undefined)
    throw new StillwatchError(
      'STATE_FATAL',
      `${file} is from a replay with another ${other[0]}`,
      'give what that one was given, or another file to begin anew',
    );
  const progress = records.next().value as Progress;
  for (const [name, bytes] of progress.written) {
    const results = join(options.out, name);
    if (!existsSync(results) || statSync(results).size < bytes)
      throw new StillwatchError(
        'STATE_FATAL',
        `${results} does not hold what the replay of ${file} had written`,
        'give the same --out, or another file to begin anew',
      );
  }
  return { progress, chain: records as Iterable<ChainRecord> };
}
