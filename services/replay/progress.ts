import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { StillwatchError } from '../platform/errors.ts';
import type { ChainRecord } from './chain-step.ts';
import type { Cost } from './cost.ts';
import type { FlaggedState } from './flagged-accounts.ts';
import { keepRun, readRun } from './kept-run.ts';
import type { ReplayOptions } from './replay.ts';

/** Where a replay is, and what it remembers besides its chain. Plain data. */
export interface Progress {
  calls: number;
  counts: Map<string, number>;
  flagged: FlaggedState;
  /** Bytes of each file of results, by its name. */
  written: Map<string, number>;
  cost: Cost;
}

/** What was asked of a replay, by what a person would call it: another one cannot go on where it was. */
type Asked = Record<string, unknown>;

function askedOf({ calls, accounts, rules, reloads, grace, database, runbooks, bounds, hasher }: ReplayOptions): Asked {
  const sized = (files: readonly string[]): unknown => files.map((file) => [file, statSync(file).size]);
  return {
    '--calls': sized(calls),
    '--accounts': sized(accounts),
    '--rules': [rules.hash, ...(reloads ?? []).map((reload) => [reload.rules.hash, reload.effective_at])],
    stream: { grace, database, runbooks, earliest: bounds.earliest },
    // Of the key only what it makes of a word.
    'fingerprint.key': String(hasher.at(0).hash64('the key of this replay')),
  };
}

export function keepProgress(
  file: string,
  options: ReplayOptions,
  progress: Progress,
  chain: Iterable<ChainRecord>,
): void {
  keepRun(file, { asked: askedOf(options), state: progress, chain });
}

/** null: there is nothing to go on from. Throws STATE_FATAL when it is another replay's, or its results are gone. */
export function readProgress(
  file: string,
  options: ReplayOptions,
): { progress: Progress; chain: Iterable<ChainRecord> } | null {
  const kept = readRun<Asked, Progress>(file);
  if (kept === null) return null;
  const { asked, state: progress, chain } = kept;
  const other = Object.entries(askedOf(options)).find(([name, value]) => !isDeepStrictEqual(asked[name], value));
  if (other !== undefined)
    throw new StillwatchError(
      'STATE_FATAL',
      `${file} is from a replay with another ${other[0]}`,
      'give what that one was given, or another file to begin anew',
    );
  for (const [name, bytes] of progress.written) {
    const results = join(options.out, name);
    if (!existsSync(results) || statSync(results).size < bytes)
      throw new StillwatchError(
        'STATE_FATAL',
        `${results} does not hold what the replay of ${file} had written`,
        'give the same --out, or another file to begin anew',
      );
  }
  return { progress, chain };
}
