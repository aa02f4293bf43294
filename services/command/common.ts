import { existsSync, readFileSync, statSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { LoadedConfig } from '../platform/config/load.ts';
import { loadConfig } from '../platform/config/load.ts';
import { StillwatchError } from '../platform/errors.ts';
import type { LineError } from '../records/json-lines.ts';

export interface CommonOptions {
  config?: string;
  set?: string[];
}

function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number of ${least} or more.`);
    return value;
  };
}

/** For an option that is a number of things. */
export const wholeNumber = wholeNumberFrom(1);

/** For an option that random numbers begin with. */
export const seedNumber = wholeNumberFrom(0);

/** For an option that is a length of time, or a factor. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) throw new InvalidArgumentError('It must be a positive number.');
  return value;
}

/** For an option that is a moment: milliseconds since the epoch. */
export function moment(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('It must be a time such as 2026-04-22T12:00:00Z.');
  return time;
}

/** For an option that may be given again. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** Options that every command with a configuration has. */
export function withConfig(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file, YAML (environment and --set go before it)')
    .option('--set <section.key=value>', 'one setting; may be given again', (value: string, before: string[] = []) => [
      ...before,
      value,
    ]);
}

/** The one place that reads the environment. */
export function configOf({ config, set = [] }: CommonOptions): LoadedConfig {
  const flags: Record<string, string> = {};
  for (const entry of set) {
    const at = entry.indexOf('=');
    if (at < 1)
      throw new StillwatchError(
        'CONFIG_INVALID',
        `--set ${entry} has no value`,
        'write --set section.key=value, e.g. --set log.level=debug',
      );
    flags[entry.slice(0, at)] = entry.slice(at + 1);
  }
  if (config !== undefined && !existsSync(config))
    throw new StillwatchError('CONFIG_INVALID', `there is no file ${config}`, 'check --config');
  return loadConfig({
    flags,
    environment: process.env,
    file: config === undefined ? null : { name: config, text: readFileSync(config, 'utf8') },
  });
}

/** Of all together, as they are on the disk. */
export function bytesOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

export function requireFiles(files: readonly string[], hint = 'check --calls and --accounts'): void {
  for (const file of files)
    if (!existsSync(file)) throw new StillwatchError('FILE_UNREADABLE', `there is no file ${file}`, hint);
}

/** A missing argument, an unknown option: code 2 for a command and those below it, so that a script can tell wrong use from failure. */
export function exitTwoOnWrongUse(command: Command): void {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  for (const inner of command.commands) exitTwoOnWrongUse(inner);
}

const MOST_SHOWN = 20;

/** Says each bad line on standard error, up to a bound, and counts them all. */
export function lineErrors(say: (line: string) => void): { report(error: LineError): void; count(): number } {
  let count = 0;
  return {
    report({ file, line, column, field, message }) {
      count++;
      if (count <= MOST_SHOWN) say(`${file}:${line}:${column}: ${field === null ? '' : `${field}: `}${message}`);
      else if (count === MOST_SHOWN + 1) say('further bad lines are only counted');
    },
    count: () => count,
  };
}
