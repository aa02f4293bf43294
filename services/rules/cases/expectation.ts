/** What was expected of one thing, and what came. */
export interface Difference {
  what: string;
  expected: string;
  found: string;
}

/** Collects what is not as it was expected; what nothing was expected of is not asked. */
export function createDifferences() {
  const differences: Difference[] = [];
  return {
    list: differences,
    same(what: string, expected: string | undefined, found: string): void {
      if (expected !== undefined && expected !== found) differences.push({ what, expected, found });
    },
    within(what: string, expected: readonly [number, number] | undefined, found: number | null): void {
      if (expected === undefined) return;
      const [from, to] = expected;
      if (found === null) differences.push({ what, expected: `${from} to ${to}`, found: 'not scored' });
      else if (found < from || found > to)
        differences.push({ what, expected: `${from} to ${to}`, found: String(Number(found.toPrecision(4))) });
    },
  };
}
