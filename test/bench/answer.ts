/** What a measured process says when it is done. */
export interface Answer {
  cpuSeconds: number;
  peakMemoryMb: number;
}

/** Tells the process that measures this one what it took from then on. */
export function sendAnswer(since: NodeJS.CpuUsage): void {
  const { user, system } = process.cpuUsage(since);
  const answer: Answer = {
    cpuSeconds: (user + system) / 1e6,
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
  };
  process.send?.(answer);
}
