import type { Tokens } from './tokens.ts';

/** A first line shorter than this ("Hello.", "# Task") does not end the head. In words. */
export const SHORTEST_HEAD = 4;
/** Words of the head. */
export const HEAD = 32;

/** Words of the opening, the part of a prompt that is nearly free of filling: its first line, up to the colon. */
export function openingEnd({ line, beforeColon, count }: Tokens): number {
  const most = Math.min(count, HEAD);
  let end = 0;
  while (end < most && (end < SHORTEST_HEAD || (line[end] === line[end - 1] && end < beforeColon))) end++;
  return end;
}
