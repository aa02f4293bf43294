/** What must be undone, whatever ends the suite. */
export interface Cleanups {
  /** Gives what undoes it now; it is undone once. */
  add(undo: () => Promise<void>): () => Promise<void>;
  /** Everything that is left, the latest first; what fails does not keep the rest from being undone. */
  runAll(): Promise<void>;
}

export function createCleanups(): Cleanups {
  const open: (() => Promise<void>)[] = [];
  return {
    add(undo) {
      let undone: Promise<void> | null = null;
      const once = (): Promise<void> => {
        const place = open.indexOf(once);
        if (place !== -1) open.splice(place, 1);
        undone ??= undo();
        return undone;
      };
      open.push(once);
      return once;
    },
    async runAll() {
      for (let last = open.at(-1); last !== undefined; last = open.at(-1)) await last().catch(() => {});
    },
  };
}
