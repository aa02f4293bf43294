import { readFile } from 'node:fs/promises';
import { premergeBinding, scoreBinding } from '../clusters/bindings.ts';
import { StillwatchError } from '../platform/errors.ts';
import { createRulesLedger } from '../rules/ledger.ts';
import { parseRules } from '../rules/parse.ts';
import { publishRules } from '../rules/publish.ts';
import { createRulesReload } from '../rules/reload.ts';
import { VOCABULARY } from '../rules/vocabulary.ts';
import { type Context, DEFAULT_RULES } from './context.ts';
import { endProcess } from './end-process.ts';
import type { Service } from './service.ts';
import { runStep } from './step-service.ts';

/** Two steps in one process: the sums where accounts are partitioned, the scores where clusters are. And whoever publishes the rule file when it changes. */
export async function clustersService(context: Context): Promise<Service> {
  const { config, codecs, kafka, log, metrics, instance, now } = context;
  const premerge = runStep(context, premergeBinding(codecs));
  const score = runStep(
    context,
    scoreBinding(
      codecs,
      {
        grace: config.stream.grace_ms,
        database: config.clickhouse.database,
        runbooks: config.rules.runbooks_url,
      },
      VOCABULARY,
    ),
  );
  const onForbidden = endProcess(log, 'rules ledger');
  const ledger = createRulesLedger({ kafka, codecs, vocabulary: VOCABULARY, log, instance, onForbidden });
  const reloads = metrics.counter('rules_reload_total', 'Looks at a changed rule file, by outcome', [
    'outcome',
  ] as const);
  const file = config.rules.file === '' ? DEFAULT_RULES : config.rules.file;
  const reload = createRulesReload({
    file,
    read: () => readFile(file, 'utf8').catch((error: unknown) => Promise.reject(unreadable(file, error))),
    parse: (text) => parseRules(text, VOCABULARY),
    versions: () => ledger.versions(),
    publish: (rules) => publishRules({ kafka, codecs, now }, rules, 'file', null),
    count: (outcome) => reloads.inc({ outcome }),
    log,
    every: config.rules.reload_ms,
  });
  return {
    async start() {
      await ledger.start();
      await reload.start();
      await premerge.start();
      await score.start();
    },
    ready: { ...premerge.ready, ...score.ready },
    status: () => ({ ...premerge.status(), ...score.status() }),
    closers: [
      { name: 'rules', close: () => reload.stop() },
      ...premerge.closers,
      ...score.closers,
      { name: 'rules ledger', close: () => ledger.stop() },
    ],
  };
}

function unreadable(file: string, cause: unknown): StillwatchError {
  return new StillwatchError(
    'FILE_UNREADABLE',
    `the rule file ${file} cannot be read`,
    'set rules.file, or leave it out for the rules that come with stillwatch',
    cause,
  );
}
