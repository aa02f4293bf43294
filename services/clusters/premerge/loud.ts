import type { AccountWindow } from '../../records/account-window.ts';

/** Calls from which an unlinked account is looked at alone. Quieter ones are only seen through their links: one account in ten thousand is this loud. */
const LOUD = { minute: Number.POSITIVE_INFINITY, hour: 300, day: 3_000 } as const;

export function isLoud({ window_size, accumulator }: AccountWindow): boolean {
  return accumulator.calls >= LOUD[window_size];
}
