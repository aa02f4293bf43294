import { execFile } from 'node:child_process';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Fault } from './fault.ts';

const run = promisify(execFile);
const SIZE = 512 * 1024 * 1024;
const FULL_FOR = 6_000;
const ATTEMPTS = 10;

/** ClickHouse's folder is a file system of its own, small enough to be filled: needs root, on Linux. */
export const diskFull: Fault = {
  name: 'disk-full',
  what: "ClickHouse's disk is full for a while",
  perHundred: 3,
  roundsPerStack: 3,
  cannotRun: () =>
    process.platform === 'linux' && process.getuid?.() === 0 ? null : 'needs root on Linux, to mount a small tmpfs',
  async prepare(dir) {
    const folder = join(dir, 'clickhouse');
    await mkdir(folder, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'stillwatch-faults', folder]);
    // Lazily: ClickHouse may still be there when the suite is interrupted.
    return async () => void (await run('umount', ['--lazy', folder]));
  },
  async round(rig) {
    const folder = join(rig.dir, 'clickhouse');
    const filler = join(folder, 'filler');
    const megabytes = await fill(folder, filler);
    await delay(FULL_FOR); // the length of the fault is the point
    const left = (await statfs(folder)).bavail;
    await rm(filler);
    return `${megabytes} MB taken, ${left} blocks left`;
  },
};

/** Takes what is free, in megabytes. ClickHouse may take some of it in between: then there is less. */
async function fill(folder: string, filler: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const { bavail, bsize } = await statfs(folder);
    try {
      await run('fallocate', ['-l', String((bavail - 1) * bsize), filler]);
      return Math.round((bavail * bsize) / 1024 / 1024);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
