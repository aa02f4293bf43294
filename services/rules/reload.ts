import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { lastPublished } from './ledger.ts';
import type { ParsedRules } from './parse.ts';
import { formatProblem } from './problem.ts';
import type { Published } from './publish.ts';
import type { Rules } from './schema.ts';
import type { RulesVersion } from './version.ts';

/** What became of a look at the rule file. `kept`: a person published other rules, which a mere start does not undo. */
export type ReloadOutcome = 'applied' | 'unchanged' | 'kept' | 'rejected' | 'failed';

export interface ReloadDeps {
  file: string;
  /** The file's text; rejects when it cannot be read. */
  read(): Promise<string>;
  parse(text: string): ParsedRules;
  versions(): Promise<RulesVersion[]>;
  publish(rules: Rules): Promise<Published>;
  count(outcome: ReloadOutcome): void;
  log: Logger;
  /** Milliseconds between looks at the file; 0: it is looked at once. */
  every: number;
}

/** Milliseconds between questions whether what was just published can be read. */
const UNTIL_READABLE = 20;

export interface RulesReload {
  /** Resolves when some rules are published; rejects when there are none and the file's cannot be used. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Brings a rule file into force when it has changed. Nothing reads the file but this: the scoring step gets rules as records, like everything else, so a bad
 * file, or a restart with another one, cannot change what is judged by which rules.
 */
export function createRulesReload(deps: ReloadDeps): RulesReload {
  const { file, read, parse, versions, publish, count, log, every } = deps;
  const stopping = new AbortController();
  let seen: string | null = null;
  let watching: Promise<void> = Promise.resolve();

  const settle = (outcome: ReloadOutcome): ReloadOutcome => {
    count(outcome);
    return outcome;
  };

  const look = async (isStart: boolean): Promise<ReloadOutcome | null> => {
    const text = await read();
    if (text === seen) return null;
    const parsed = parse(text);
    if (!parsed.ok) {
      seen = text;
      const problems = parsed.problems.map((problem) => formatProblem(file, problem));
      log.error({ file, problems }, 'the rule file has errors: the rules before it stay in force');
      return settle('rejected');
    }
    const last = lastPublished(await versions());
    const { rules } = parsed;
    if (last?.rules.hash === rules.hash) {
      seen = text;
      return settle('unchanged');
    }
    if (isStart && last?.origin === 'operator') {
      seen = text;
      log.warn(
        { file, rules: rules.hash, inForce: last.rules.hash },
        'the rule file is not what `stillwatch rules apply` brought into force: it stays so until the file changes or rules are applied',
      );
      return settle('kept');
    }
    const { version, late } = await publish(rules);
    seen = text;
    const effective = version.effective_at === 0 ? 'the beginning' : new Date(version.effective_at).toISOString();
    log.info({ file, rules: rules.hash, effective }, 'rules published');
    if (late)
      log.warn({ effective }, 'scoring got there first: some windows that end then are judged by the old rules');
    return settle('applied');
  };

  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await delay(every, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        await look(false);
      } catch (error) {
        // Looked at again the next time: nothing was published, or the same once more, which is harmless.
        log.error({ err: error, file }, 'the rule file could not be brought into force');
        settle('failed');
      }
    }
  };

  return {
    async start() {
      const outcome = await look(true);
      // A commit is answered before its markers are in the partitions, and what is published can be read only then.
      while ((await versions()).length === 0) {
        if (outcome !== 'applied') throw new Error(`no rules are published, and those in ${file} have errors`);
        await delay(UNTIL_READABLE);
      }
      if (every > 0) watching = watch();
    },
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
