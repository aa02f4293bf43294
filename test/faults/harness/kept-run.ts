import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from '../fault.ts';
import type { Input, InputMessage } from './input.ts';
import type { Outcome } from './run-fault.ts';
import type { Snapshot } from './snapshot.ts';

/** What a run with the same folder must have been told as well, so that its outcomes can stand beside each other. */
export type Settings = Readonly<Record<string, number | string | null>>;

/** What is known of a stack when it is over; the rows that differ are in words in `why`. */
export type KeptOutcome = Omit<Outcome, 'differences'>;

/** A run that may be cut off and started again in the same folder: the input, with its time stamps, and the reference are made once, a stack is run once. */
export interface KeptRun {
  input(make: () => Promise<Input>): Promise<Input>;
  reference(make: () => Promise<Snapshot>): Promise<Snapshot>;
  /** Of the stacks that are over. */
  outcomes(): readonly KeptOutcome[];
  /** The outcome of this stack, if it is over. */
  find(fault: Pick<Fault, 'name' | 'what'>, rounds: number, seed: number): KeptOutcome | null;
  add(outcome: KeptOutcome): Promise<void>;
}

/** Throws when the folder is that of a run with other settings. */
export async function openKeptRun(folder: string, settings: Settings): Promise<KeptRun> {
  await mkdir(folder, { recursive: true });
  const once = async <Value>(name: string, make: () => Promise<Value>): Promise<Value> => {
    const file = join(folder, name);
    const kept = await readFile(file, 'utf8').catch(() => null);
    if (kept !== null) return JSON.parse(kept, revive);
    const made = await make();
    // There whole or not at all, wherever this is cut off.
    await writeFile(`${file}.new`, JSON.stringify(made, plain));
    await rename(`${file}.new`, file);
    return made;
  };
  const known = await once('settings.json', async () => settings);
  if (JSON.stringify(known) !== JSON.stringify(settings))
    throw new Error(
      `${folder} holds a run with ${JSON.stringify(known)}, not ${JSON.stringify(settings)}: give the same options, or another folder`,
    );
  const file = join(folder, 'outcomes.jsonl');
  const outcomes = (await readFile(file, 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line !== '')
    .map((line): KeptOutcome => JSON.parse(line));
  return {
    input: (make) => once('input.json', make),
    async reference(make) {
      return new Map(await once('reference.json', async () => [...(await make())]));
    },
    outcomes: () => outcomes,
    find: ({ name, what }, rounds, seed) =>
      outcomes.find((one) => one.fault === name && one.what === what && one.rounds === rounds && one.seed === seed) ??
      null,
    async add(outcome) {
      outcomes.push(outcome);
      await appendFile(file, `${JSON.stringify(outcome)}\n`);
    },
  };
}

/** Bytes as text, shorter than JSON's own form of a Buffer. */
function plain(this: unknown, name: string, value: unknown): unknown {
  const own = (this as Partial<InputMessage>)[name as keyof InputMessage];
  return Buffer.isBuffer(own) ? { base64: own.toString('base64') } : value;
}

function revive(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'base64' in value
    ? Buffer.from(String(value.base64), 'base64')
    : value;
}
