import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

const owner = z.object({
  pid: z.int(),
  brokers: z.string(),
  nodes: z.array(z.object({ id: z.int(), port: z.int(), pid: z.int().nullable() })),
});

/** The process that `main.ts start` left behind, and the brokers it holds: DIR/running.json. */
export type Owner = z.infer<typeof owner>;

/** The name of the command that owns brokers; how its process is told from a stranger's that got the same id. */
export const OWNER_COMMAND = 'serve';

export async function readOwner(dir: string): Promise<Owner | null> {
  const file = fileIn(dir);
  if (!existsSync(file)) return null;
  const known = parse(await readFile(file, 'utf8'), file);
  return (await isOwner(known.pid)) ? known : null;
}

/** By a rename: a reader sees all of it or nothing. */
export async function writeOwner(dir: string, found: Owner): Promise<void> {
  await writeFile(`${fileIn(dir)}.new`, `${JSON.stringify(found)}\n`);
  await rename(`${fileIn(dir)}.new`, fileIn(dir));
}

export async function forgetOwner(dir: string): Promise<void> {
  await rm(fileIn(dir), { force: true });
}

/** A file left by a process that was killed names an id that by now may be anybody's: never signal it unseen. */
async function isOwner(pid: number): Promise<boolean> {
  try {
    const { stdout } = await run('ps', ['-ww', '-o', 'args=', '-p', String(pid)]);
    return stdout.includes(join('infra', 'kafka', 'main.ts')) && stdout.includes(` ${OWNER_COMMAND} `);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 1) return false; // no such process
    throw new Error('cannot look at processes: `ps` is needed (Debian: apt-get install procps)', { cause: error });
  }
}

function parse(text: string, file: string): Owner {
  try {
    return owner.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file} is not what this program wrote: delete it`, { cause: error });
  }
}

function fileIn(dir: string): string {
  return join(dir, 'running.json');
}
