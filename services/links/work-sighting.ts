import { readLockstep } from './lockstep.ts';

/** What a call did and when. `calls` writes it as `<bin>:<template or shape>:<filling>:<band>,<band>,...`, the last two empty without text. */
export interface WorkSighting {
  /** Five-minute bin since the epoch. */
  bin: number;
  /** Names by which the same work may be known elsewhere: the template (or shape) first, then bands, each with its place. */
  units: readonly string[];
  /** Hash of the whole prompt; null without text. */
  filling: number | null;
}

/** null: not of that form. */
export function readWork(value: string): WorkSighting | null {
  const [bin = '', template = '', filling = '', bands = ''] = value.split(':');
  const read = readLockstep(`${bin}:${template}`);
  if (read === null || template === '') return null;
  const hash = Number.parseInt(filling, 16);
  return {
    bin: read.bin,
    units: [template, ...bands.split(',').filter((band) => band !== '')],
    filling: Number.isNaN(hash) ? null : hash,
  };
}
