/** What a run has taken so far. */
export interface Cost {
  wallSeconds: number;
  cpuSeconds: number;
  peakMemoryBytes: number;
}

/** Counts from now on, on top of what the run took before it was cut off. */
export function startCost(before: Cost = { wallSeconds: 0, cpuSeconds: 0, peakMemoryBytes: 0 }): () => Cost {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      wallSeconds: before.wallSeconds + (performance.now() - wall) / 1_000,
      cpuSeconds: before.cpuSeconds + (user + system) / 1e6,
      peakMemoryBytes: Math.max(before.peakMemoryBytes, process.resourceUsage().maxRSS * 1024),
    };
  };
}
