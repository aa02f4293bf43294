import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Enrich } from '../calls/enrich.ts';
import { createProfileTable } from '../calls/profile-table.ts';
import { type TimeBounds, validateAccount, validateCall } from '../calls/validate.ts';
import type { Hasher, HasherKeys } from '../fingerprint/hasher.ts';
import { type LineError, readAccountFile, readCalls } from '../records/json-lines.ts';
import type { Rules } from '../rules/schema.ts';
import { initialVersion, type RulesVersion } from '../rules/version.ts';
import { accountWindowRow } from '../sink/rows/account-window.ts';
import { clusterWindowRow } from '../sink/rows/cluster-window.ts';
import { createChain } from './chain.ts';
import { startCost } from './cost.ts';
import { createFlaggedAccounts } from './flagged-accounts.ts';
import { openLineFile } from './line-file.ts';
import { keepProgress, readProgress } from './progress.ts';
import { type ReplaySummary, summarise } from './summary.ts';

export interface ReplayOptions {
  calls: readonly string[];
  accounts: readonly string[];
  out: string;
  /** In force from the beginning. */
  rules: Rules;
  /** What took over later, as live rules are reloaded. */
  reloads?: readonly RulesVersion[];
  /** Milliseconds. */
  grace: number;
  /** The ClickHouse database that alerts' queries name. */
  database: string;
  /** Folder of the runbooks that alerts link to; the rules' own when empty. */
  runbooks: string;
  bounds: TimeBounds;
  enrich: Enrich;
  hasher: Hasher;
  /** Told of every line that could not be used; the rest is processed. */
  onLineError(error: LineError): void;
  /** `bytes` of the files of calls, as they are on the disk. */
  progress?(calls: number, bytes: number): void;
  /** Keeps in this file, every so many calls, where the replay is, and goes on from there if it was cut off. Removed at the end. */
  resume?: { file: string; every: number };
  /** Links are looked for in a thread of their own, with the hasher of these keys. */
  thread?: HasherKeys;
}

const PROGRESS_EVERY = 10_000;

/** The live steps over files: no Kafka, no ClickHouse. Same input and rules, same bytes (the summary's times and memory aside), cut off and resumed or not. */
export async function replay(options: ReplayOptions): Promise<ReplaySummary> {
  const { out, rules, grace, database, runbooks, bounds, enrich, hasher, resume } = options;
  await mkdir(out, { recursive: true });
  const kept = resume === undefined ? null : readProgress(resume.file, options);
  const before = kept?.progress;
  const cost = startCost(before?.cost);
  const open = (name: string) => openLineFile(join(out, name), before?.written.get(name) ?? null);
  const files = {
    'alerts.jsonl': await open('alerts.jsonl'),
    'flagged-accounts.jsonl': await open('flagged-accounts.jsonl'),
    'account-windows.jsonl': await open('account-windows.jsonl'),
    'cluster-windows.jsonl': await open('cluster-windows.jsonl'),
  };
  const counts = new Map(before?.counts);
  const tally = (name: string, by = 1): void => void counts.set(name, (counts.get(name) ?? 0) + by);
  const rejected = new Map<string, number>();
  const reject = (reason: string, error: LineError): void => {
    rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
    options.onLineError(error);
  };
  const onLineError = (error: LineError): void => reject(error.field === null ? 'not_json' : 'bad_field', error);

  const profiles = createProfileTable();
  const flagged = createFlaggedAccounts(
    grace,
    (account) => files['flagged-accounts.jsonl'].write(JSON.stringify(account)),
    before?.flagged,
  );
  const chain = createChain({
    enrich,
    hasher,
    rules: [initialVersion(rules), ...(options.reloads ?? [])],
    grace,
    database,
    runbooks,
    profileAt: profiles.profileAt,
    restored: kept?.chain ?? [],
    thread: options.thread ?? null,
    output: {
      accountWindow(window) {
        tally('account_windows');
        files['account-windows.jsonl'].write(accountWindowRow.json(window));
      },
      clusterWindow(window) {
        tally('cluster_windows');
        files['cluster-windows.jsonl'].write(clusterWindowRow.json(window));
      },
      assignment(assignment) {
        tally('assignments');
        flagged.assignment(assignment);
      },
      membership(membership) {
        tally('memberships');
        flagged.membership(membership);
      },
      alert(event) {
        tally('alerts');
        files['alerts.jsonl'].write(JSON.stringify({ ...event.alert, type: event.type, emitted_at: event.emitted_at }));
        flagged.alert(event);
      },
      late: () => {},
      count: (name, reason, by) => tally(`${name}.${reason}`, by),
    },
  });

  let accountsIn = 0;
  let callsIn = 0;
  const read = { bytes: 0 };
  try {
    for (const file of options.accounts) {
      for await (const { value: account, line } of readAccountFile(file, onLineError)) {
        accountsIn++;
        const violation = validateAccount(account, bounds);
        if (violation !== null) {
          reject(violation.reason, { file, line, column: 1, field: violation.field, message: violation.detail });
          continue;
        }
        profiles.apply(account);
        if (kept === null) chain.account({ account_id: account.account_id, account, at: account.updated_at });
      }
    }
    for await (const { value: call, file, line } of readCalls(options.calls, onLineError, read)) {
      callsIn++;
      if (callsIn % PROGRESS_EVERY === 0) {
        options.progress?.(callsIn, read.bytes);
        for (const target of Object.values(files)) await target.drained();
      }
      const violation = validateCall(call, bounds);
      if (violation !== null)
        reject(violation.reason, { file, line, column: 1, field: violation.field, message: violation.detail });
      // What went through the chain before the replay was cut off is read again only for what is wrong with it.
      if (callsIn <= (before?.calls ?? 0)) continue;
      if (violation === null) chain.call(call, { topic: file, partition: 0, offset: String(line) });
      if (resume !== undefined && callsIn % resume.every === 0) {
        chain.settle();
        const written = new Map<string, number>();
        for (const [name, target] of Object.entries(files)) written.set(name, await target.flushed());
        const progress = { calls: callsIn, counts, flagged: flagged.save(), written, cost: cost() };
        keepProgress(resume.file, options, progress, chain.save());
      }
    }
    chain.end();
  } finally {
    // What was written is whole lines, whoever goes on from here.
    for (const target of Object.values(files)) await target.close();
  }

  const summary = summarise({ callsIn, accountsIn, counts, rejected, rulesHash: rules.hash, cost: cost() });
  await writeFile(join(out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  if (resume !== undefined) await rm(resume.file, { force: true });
  return summary;
}
