import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** What a figure was made with. */
export interface MadeWith {
  /** What is checked out; `+`: with changes to what is measured. */
  commit: string;
  /** Day, as in 2026-11-30. */
  measuredOn: string;
  node: string;
  machine: string;
}

export function madeWith(): MadeWith {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  const changes = git('status', '--porcelain', '../../services', '../../infra/rules');
  const [first, ...others] = cpus();
  return {
    commit: `${git('rev-parse', '--short', 'HEAD')}${changes === '' ? '' : '+'}`,
    measuredOn: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: `${others.length + 1} x ${first?.model.trim() ?? 'unknown'}`,
  };
}
