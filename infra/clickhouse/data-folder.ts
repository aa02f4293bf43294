import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error.ts';

/**
 * A folder for the data of inserts, within that of the engine. To be made only after the engine is open, since only then the folder is ours: what is in it
 * was left by a killed process, and is of no use.
 */
export function freshInsertFolder(dataFolder: string): string {
  const folder = join(dataFolder, 'http_tmp');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** Why the engine could not open a folder. It writes its own reason to standard error and throws without one. */
export function openFailure(dataFolder: string, error: unknown): StartError {
  const holder = holderOf(dataFolder);
  const what =
    holder === null
      ? `the data folder ${dataFolder} could not be opened; the engine's own reason stands above, if it gave one`
      : `the data folder ${dataFolder} is in use by another ClickHouse, process ${holder}: stop that one`;
  return new StartError(`${what}${holder === null ? ': mend it' : ''}, or choose another folder with --path`, {
    cause: error,
  });
}

/** The running process that the engine's lock file names; null when there is none. */
function holderOf(dataFolder: string): number | null {
  const file = join(dataFolder, 'status');
  const named = existsSync(file) ? /^PID: (\d+)/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  const pid = Number(named ?? process.pid);
  return pid !== process.pid && isRunning(pid) ? pid : null;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user's runs too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
