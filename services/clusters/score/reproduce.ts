import { identifier, literal } from '../../platform/sql-text.ts';
import type { Alert } from '../../records/alert.ts';
import { CONTEXT_FEATURES } from '../../records/features/context.ts';
import { TIMING_FEATURES } from '../../records/features/timing.ts';
import { clusterOfSubject } from '../../records/subject-window.ts';
import { judgedFigures } from '../judged-figures.ts';
import { OF_POOL } from './judging.ts';
import { LOUD, MINUTES } from './loud-minutes.ts';

/** The windows that were judged together. */
export interface JudgedSpan {
  /** Ends of the first and the last window summed; of a part of an hour, where the hour began and how far it was known. */
  from: number;
  to: number;
  /** Of a part of an hour: the calls that an alert needs, by which its minutes were chosen; null for whole hours. */
  leastCalls: number | null;
}

export interface Reproduced {
  database: string;
  alert: Pick<Alert, 'alert_id' | 'revision' | 'subject_type' | 'subject_id' | 'first_seen' | 'signatures'>;
  judged: JudgedSpan;
  /** Hours that ended until then are counted as exchanges. */
  until: number;
  /** Whether the minutes of the open hour are counted with them. */
  countsMinutes: boolean;
}

/** A row holds no number of prompts, but three ratios whose product it is. */
const PROMPTS = 'round(calls_per_filling * fillings_per_template * distinct_templates)';
const OF_PROMPTS: ReadonlySet<string> = new Set([
  'chain_of_thought_share',
  'rubric_grading_share',
  'policy_rewrite_share',
  'instruction_generation_share',
  'product_share',
]);
const OF_CALLS: ReadonlySet<string> = new Set(['agentic_share', 'nonstandard_client_share']);
/** Said by the last hour alone. */
const OF_LAST_HOUR: ReadonlySet<string> = new Set(TIMING_FEATURES.map(({ name }) => name));
/** How a sub-population is operated is said by its cluster. */
const OF_CLUSTER: ReadonlySet<string> = new Set(OF_POOL);
/** Kept with the last hour, as it was judged. */
const OF_JUDGEMENT: ReadonlySet<string> = new Set(CONTEXT_FEATURES.map(({ name }) => name));

/**
 * ClickHouse SQL that gives an alert's figures again, to the last digit, out of the stored windows: its exchanges, the shares that are made of whole numbers,
 * and what the last hour says by itself. What is made of sketches, of templates or of calls by account cannot be added up from rows and is left out: the
 * alert has it. A sub-population has rows only since it was judged by itself, so that of it only the last hour is given.
 */
export function reproduce(asked: Reproduced): string {
  const { database, alert, judged } = asked;
  const { subject_id: id } = alert;
  const cluster = alert.subject_type === 'cluster' ? clusterOfSubject(id) : id;
  if (cluster !== id) {
    const columns = featuresOf(alert).flatMap((name) => columnOfPart(name, id, cluster, judged) ?? []);
    if (columns.length === 0) return judgedFigures(database, alert);
    return `SELECT ${columns.join(', ')} FROM ${table(database)} WHERE subject_id IN (${literal(id)}, ${literal(cluster)}) AND window_size = 'hour' AND window_end = ${time(judged.to)}`;
  }
  const columns = featuresOf(alert).flatMap((name) => columnOf(name, judged) ?? []);
  const windows = `(SELECT *, ${PROMPTS} AS prompts FROM ${table(database)} WHERE ${windowsOf(id, judged)})`;
  return `SELECT ${[exchanges(asked), ...columns].join(', ')} FROM ${windows} AS hours`;
}

function featuresOf({ signatures }: Pick<Alert, 'signatures'>): string[] {
  return [...new Set(signatures.flatMap(({ features }) => features.map(({ name }) => name)))];
}

/** Null where rows do not say. */
function columnOf(name: string, { to, leastCalls }: JudgedSpan): string | null {
  if (isSaidByLastHour(name))
    return leastCalls === null ? `anyIf(hours.${name}, window_end = ${time(to)}) AS ${name}` : null;
  if (OF_PROMPTS.has(name)) return `sum(round(hours.${name} * prompts)) / sum(prompts) AS ${name}`;
  return OF_CALLS.has(name) ? `sum(round(hours.${name} * calls)) / sum(calls) AS ${name}` : null;
}

function columnOfPart(name: string, id: string, cluster: string, { leastCalls }: JudgedSpan): string | null {
  if (!isSaidByLastHour(name) || leastCalls !== null) return null;
  return `anyIf(${name}, subject_id = ${literal(OF_CLUSTER.has(name) ? cluster : id)}) AS ${name}`;
}

/** A part of an hour has no row that says it. */
const isSaidByLastHour = (name: string): boolean => OF_LAST_HOUR.has(name) || OF_JUDGEMENT.has(name);

function exchanges({ database, alert, judged, until, countsMinutes }: Reproduced): string {
  const hours = `window_size = 'hour' AND window_end > ${time(alert.first_seen)} AND window_end <= ${time(until)}`;
  const counted = countsMinutes ? `(${hours} OR ${minutesOf(judged)})` : hours;
  return `(SELECT sum(calls) FROM ${table(database)} WHERE subject_id = ${literal(alert.subject_id)} AND ${counted}) AS exchange_count`;
}

function windowsOf(subjectId: string, judged: JudgedSpan): string {
  const hours = `window_size = 'hour' AND window_end BETWEEN ${time(judged.from)} AND ${time(judged.to)}`;
  return `subject_id = ${literal(subjectId)} AND ${judged.leastCalls === null ? hours : minutesOf(judged)}`;
}

/** Of an open hour those that are not too quiet to be kept (loud-minutes.ts). */
function minutesOf({ from, to, leastCalls }: JudgedSpan): string {
  return `window_size = 'minute' AND window_end > ${time(from)} AND window_end <= ${time(to)} AND calls * ${MINUTES} >= ${LOUD * (leastCalls ?? 0)}`;
}

const table = (database: string): string => `${identifier(database)}.cluster_windows FINAL`;
const time = (milliseconds: number): string => `fromUnixTimestamp64Milli(${milliseconds})`;
