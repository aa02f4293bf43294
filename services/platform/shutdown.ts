import type { Logger } from 'pino';

/** The part of `process` that is needed, so that a test can stand in for it. */
export interface ProcessLike {
  once(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

export interface Closer {
  name: string;
  close(): Promise<void>;
}

/** A closer that takes longer is left behind. */
const EACH = 15_000;

/** On SIGTERM or SIGINT closes everything in order, then exits 0; 1 when something could not be closed. A second signal exits at once. */
export function closeOnSignal(host: ProcessLike, closers: readonly Closer[], log: Logger): void {
  let closing = false;
  const stop = (): void => {
    if (closing) {
      host.exit(130);
      return;
    }
    closing = true;
    host.once('SIGTERM', stop);
    host.once('SIGINT', stop);
    closeAll(closers, log).then(
      (clean) => host.exit(clean ? 0 : 1),
      () => host.exit(1),
    );
  };
  host.once('SIGTERM', stop);
  host.once('SIGINT', stop);
}

export async function closeAll(closers: readonly Closer[], log: Logger): Promise<boolean> {
  let clean = true;
  for (const { name, close } of closers) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not closed after ${EACH} ms`)), EACH);
    });
    try {
      await Promise.race([close(), late]);
    } catch (error) {
      clean = false;
      log.error({ err: error, closing: name }, 'could not be closed in order');
    } finally {
      clearTimeout(timer);
    }
  }
  return clean;
}
