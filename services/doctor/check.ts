import { messageOf, StillwatchError } from '../platform/errors.ts';

/** `skipped`: something it needs was found wrong, or it is not used here. */
export type Outcome = 'ok' | 'warn' | 'fail' | 'skipped';

export interface Finding {
  outcome: Outcome;
  /** What was found. */
  what: string;
  /** What mends it; null when there is nothing to mend. */
  mend: string | null;
}

/** One look at one thing that services need. Changes nothing. */
export interface Check {
  name: string;
  /** Checks without which this one says nothing new. */
  needs: readonly string[];
  /** What helps when it throws something that does not say so itself. */
  mend: string;
  /** What it throws is a finding, too. */
  look(): Promise<Finding>;
}

export interface CheckResult extends Finding {
  name: string;
}

export const ok = (what: string): Finding => ({ outcome: 'ok', what, mend: null });
export const skipped = (what: string): Finding => ({ outcome: 'skipped', what, mend: null });

/** In their order, one after the other. `timeout`, milliseconds, for each: what hangs is a finding and holds up nothing. */
export async function runChecks(checks: readonly Check[], timeout: number): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const { name, needs } = check;
    const missing = needs.filter((needed) =>
      results.some((result) => result.name === needed && (result.outcome === 'fail' || result.outcome === 'skipped')),
    );
    const finding = missing.length > 0 ? skipped(`needs ${missing.join(' and ')}`) : await found(check, timeout);
    results.push({ name, ...finding });
  }
  return results;
}

async function found({ look, mend }: Check, timeout: number): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(
      () =>
        resolve({
          outcome: 'fail',
          what: `no answer within ${timeout / 1_000} s`,
          mend: 'look whether it is overloaded, or a firewall lets packets vanish',
        }),
      timeout,
    );
  });
  try {
    return await Promise.race([look(), late]);
  } catch (error) {
    if (!(error instanceof StillwatchError)) return { outcome: 'fail', what: messageOf(error), mend };
    // The message says both, in words of its own for a log.
    const said = error.message.replace(`. What to do: ${error.hint}`, '');
    return { outcome: 'fail', what: said, mend: error.hint };
  } finally {
    clearTimeout(timer);
  }
}
