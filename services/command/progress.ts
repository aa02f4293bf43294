/** How far a command is, on one line that is written over and taken away at the end. Where nobody looks at a terminal it writes nothing. */
export interface Progress {
  /** `share` of the whole, 0 to 1; null where nobody knows how much there is. `what`: in words, such as `1200 calls`. */
  at(share: number | null, what: string): void;
  /** A line of its own, which stays. */
  say(line: string): void;
  end(): void;
}

export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Milliseconds: faster, nobody reads it. */
const EVERY = 100;
const WIDTH = 24;
/** Before that, what is left is a guess. */
const LEAST_SHARE = 0.02;
const BEGIN_OF_LINE = '\r\u001b[K';

export function createProgress(stream: ProgressStream, now: () => number): Progress {
  const begun = now();
  let last = 0;
  const isShown = stream.isTTY === true;
  const clear = (): void => {
    if (isShown && last > 0) stream.write(BEGIN_OF_LINE);
  };
  return {
    at(share, what) {
      if (!isShown || now() - last < EVERY) return;
      last = now();
      const line = progressLine(share, what, last - begun);
      // One that is broken into two cannot be taken away again.
      stream.write(`${BEGIN_OF_LINE}${line.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    say(line) {
      clear();
      stream.write(`${line}\n`);
    },
    end: clear,
  };
}

/** `elapsed`: milliseconds. */
export function progressLine(share: number | null, what: string, elapsed: number): string {
  if (share === null) return what;
  const done = Math.min(Math.max(share, 0), 1);
  const filled = Math.round(done * WIDTH);
  const bar = `${'='.repeat(filled)}${' '.repeat(WIDTH - filled)}`;
  const left = done < LEAST_SHARE ? '' : `  ${duration((elapsed / done) * (1 - done))} left`;
  return `[${bar}] ${String(Math.floor(done * 100)).padStart(3)} %  ${what}${left}`;
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
