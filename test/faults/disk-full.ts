import { execFile } from 'node:child_process';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Fault } from './fault.ts';

const run = promisify(execFile);
const SIZE = 512 * 1024 * 1024;
const FULL_FOR = 6_000;
/** Bytes that are left to be filled by writing: ClickHouse may take some of them first. */
const RESERVE = 4 * 1024 * 1024;

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

/** Takes what is free, in megabytes: nearly all of it at once, and the rest by writing until nothing goes in any more, since what a tmpfs says is free is not to the block. */
async function fill(folder: string, filler: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  await run('fallocate', ['-l', String(bavail * bsize - RESERVE), filler]);
  const file = await open(filler, 'a');
  try {
    for (const block = Buffer.alloc(bsize); ; ) await file.write(block);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    await file.close();
  }
  return Math.round((bavail * bsize) / 1024 / 1024);
}
