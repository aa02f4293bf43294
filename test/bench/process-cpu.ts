import { readFileSync } from 'node:fs';

/** A second, as Linux counts a process's time for others to read (USER_HZ). */
const TICKS = 100;
const USER = 11;
const SYSTEM = 12;

/** CPU seconds that another process has used so far, its threads' included. */
export function cpuSecondsOf(pid: number | null): number {
  if (pid === null) throw new Error('a process that is to be measured does not run');
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS;
}
