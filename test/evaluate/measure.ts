import { rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { createProfileTable } from '../../services/calls/profile-table.ts';
import { validateAccount, validateCall } from '../../services/calls/validate.ts';
import { createFingerprinter, encodeFingerprint } from '../../services/fingerprint/fingerprint.ts';
import { createHasher, type HasherKeys } from '../../services/fingerprint/hasher.ts';
import { DEFAULT_LINK_SETTINGS, type EvidenceGroup, type LinkSettings } from '../../services/links/settings.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { createChain } from '../../services/replay/chain.ts';
import { startCost } from '../../services/replay/cost.ts';
import { createFlaggedAccounts } from '../../services/replay/flagged-accounts.ts';
import { keepRun, readRun } from '../../services/replay/kept-run.ts';
import type { Rules } from '../../services/rules/schema.ts';
import { initialVersion } from '../../services/rules/version.ts';
import { simulate } from '../../services/simulate/simulate.ts';
import { enrichWith, shippedRules } from '../support/shipped.ts';
import { createJudge } from './judge.ts';
import type { Measurement, PromptInput, Run } from './measurement.ts';
import type { RunState } from './run-state.ts';

const DAY = 86_400_000;
/** Milliseconds: the product's default. */
const GRACE = 60_000;
const PROGRESS_CALLS = 100_000;
const KEYS: HasherKeys = { key: 'evaluation', previous: null };

export interface MeasureOptions {
  /** Told of the calls so far and of the simulated time, now and then and whenever it was kept where the run is. */
  progress?: (calls: number, time: number) => void;
  /** Keeps in this file, every so many calls, where the run is, and goes on from there if it was cut off. */
  resume?: { file: string; every: number };
  /** Links are looked for in a thread of their own. */
  thread?: boolean;
}

function rulesWithout(signatures: readonly string[]): Rules {
  const rules = shippedRules();
  for (const name of signatures) {
    const signature = rules.signatures[name];
    if (signature === undefined) throw new Error(`the rules have no signature ${name}`);
    signature.mode = 'off';
  }
  return rules;
}

function linkingWithout(legs: readonly EvidenceGroup[]): LinkSettings {
  const settings = structuredClone(DEFAULT_LINK_SETTINGS);
  for (const kind of Object.values(settings.kinds)) if (legs.includes(kind.group)) kind.base = 0;
  if (legs.includes('synchrony')) settings.lockstep.roundTheClock.weight = 0;
  return settings;
}

/**
 * One run: traffic straight out of the simulator into the steps that are the live services, as `stillwatch replay` runs them, without the gigabytes of files
 * between.
 */
export async function measure(run: Run, { progress, resume, thread }: MeasureOptions = {}): Promise<Measurement> {
  const kept = resume === undefined ? null : readRun<Run, RunState>(resume.file);
  if (kept !== null && !isDeepStrictEqual(kept.asked, run)) throw new Error(`${resume?.file} is of another run`);
  const before = kept?.state;
  const cost = startCost(before?.cost);
  const { scenario, detector } = run;
  const simulation = simulate({ ...scenario, text: detector.input === 'neither' ? 'none' : 'full' }, run.seed);
  const end = scenario.start + scenario.days * DAY;
  const judge = createJudge(simulation.truth, end, before?.judge);
  const hasher = createHasher(KEYS.key);
  const fingerprinter = createFingerprinter(hasher);
  const flagged = createFlaggedAccounts(GRACE, (line) => judge.flagged(line), before?.flagged);
  const profiles = createProfileTable();
  const counts = new Map(before?.counts);
  const tally = (name: string, by: number): void => void counts.set(name, (counts.get(name) ?? 0) + by);
  const chain = createChain({
    enrich: enrichWith(hasher),
    hasher,
    rules: [initialVersion(rulesWithout(detector.signaturesOff))],
    grace: GRACE,
    database: 'stillwatch',
    runbooks: '',
    linkSettings: linkingWithout(detector.linkLegsOff),
    profileAt: profiles.profileAt,
    restored: kept?.chain ?? [],
    thread: thread === true ? KEYS : null,
    output: {
      accountWindow: () => {},
      clusterWindow: (window) => judge.clusterWindow(window),
      assignment(assignment) {
        judge.assignment(assignment);
        flagged.assignment(assignment);
      },
      membership: (membership) => flagged.membership(membership),
      alert(event) {
        judge.alert(event);
        flagged.alert(event);
      },
      late: () => {},
      count: (name, reason, by) => tally(`${name}.${reason}`, by),
    },
  });

  const bounds = { earliest: 0, latest: end + DAY };
  for (const account of simulation.accounts) {
    if (validateAccount(account, bounds) !== null) {
      if (kept === null) tally('rejected', 1);
      continue;
    }
    profiles.apply(account);
    if (kept === null) chain.account({ account_id: account.account_id, account, at: account.updated_at });
  }
  const asSent = (call: ApiCall): ApiCall =>
    sentBy(detector.input, call, (text) => encodeFingerprint(fingerprinter.fingerprint(text)));
  let seen = 0;
  for (const call of simulation.calls) {
    seen++;
    if (seen % PROGRESS_CALLS === 0) {
      progress?.(seen, call.occurred_at);
      // Else a process whose parent has gone would not hear of it.
      await setImmediate();
    }
    if (seen <= (before?.calls ?? 0)) continue;
    if (validateCall(call, bounds) === null) {
      judge.call(call.account_id, call.occurred_at);
      chain.call(asSent(call), { topic: 'simulation', partition: 0, offset: String(seen) });
    } else tally('rejected', 1);
    if (resume !== undefined && seen % resume.every === 0) {
      chain.settle();
      const state = { calls: seen, counts, judge: judge.save(), flagged: flagged.save(), cost: cost() };
      keepRun(resume.file, { asked: run, state, chain: chain.save() });
      progress?.(seen, call.occurred_at);
    }
  }
  chain.end();
  if (resume !== undefined) rmSync(resume.file, { force: true });

  const { wallSeconds, cpuSeconds, peakMemoryBytes } = cost();
  return {
    experiment: run.experiment,
    label: run.label,
    seed: run.seed,
    ...(run.point === undefined ? {} : { point: run.point }),
    days: scenario.days,
    ...judge.verdict(run.wholeCampaign),
    late: counts.get('late.minute_closed') ?? 0,
    duplicate: counts.get('duplicate.event_id') ?? 0,
    rejected: counts.get('rejected') ?? 0,
    wallSeconds,
    cpuSeconds,
    peakMemoryMb: peakMemoryBytes / 2 ** 20,
  };
}

/** The gateway's part: the text as it is, a fingerprint in its place, or nothing. */
function sentBy(input: PromptInput, call: ApiCall, fingerprint: (text: string) => Buffer): ApiCall {
  if (input !== 'fingerprint' || call.prompt_text === null) return call;
  return { ...call, prompt_text: null, prompt_fingerprint: fingerprint(call.prompt_text) };
}
