import type { AlertEventType, Severity, Verdict } from '../../records/alert.ts';
import { DAY, HOUR, windowEnd } from '../../records/window.ts';
import type { SubjectState } from './subject-state.ts';

/** Lowest first. */
const SEVERITIES: readonly Severity[] = ['info', 'ticket', 'page'];

/** Subjects whose last call is older than this, and that have no open alert, are forgotten. */
const FORGET_AFTER = 7 * DAY;

export interface Deserved {
  verdict: Verdict | null;
  severity: Severity | null;
  /** Nothing above it may stand, whatever was deserved before: there are others in it now who must not be accused. */
  atMost?: Severity;
}

/** What becomes of an alert. */
export interface Move {
  type: AlertEventType;
  verdict: Verdict;
  severity: Severity;
}

export function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/**
 * none --deserved--> open --deserved: updated--> open --quiet--> resolved --deserved--> open again, same id
 *
 * - A higher severity is taken at once.
 * - A lower one only when the present one was not deserved for half of the quiet time, and one step at a time: a quiet hour does not lower a page, and what
 *   has stopped does not stay one.
 * - Above what may stand at most it is lowered at once.
 * - Nothing deserved for `quiet` milliseconds: resolved, whatever the severity.
 *
 * Remembers on the state what was deserved when. `end` ascends.
 */
export function nextMove(
  state: SubjectState,
  { verdict, severity, atMost = 'page' }: Deserved,
  end: number,
  quiet: number,
): Move | null {
  const { alert, deserved } = state;
  if (severity !== null) for (const reached of SEVERITIES.slice(0, rank(severity) + 1)) deserved[reached] = end;
  if (alert?.status !== 'open') {
    if (verdict === null || severity === null) return null;
    return { type: 'stillwatch.alert.opened', verdict, severity };
  }
  if (end - deserved.info >= quiet) return { ...alert, type: 'stillwatch.alert.resolved' };
  const isHeld = end - deserved[alert.severity] < quiet / 2;
  const held = lower(atMost, isHeld ? alert.severity : below(alert.severity));
  if (held !== alert.severity && held !== 'info') deserved[held] = end;
  const next = severity !== null && rank(severity) > rank(held) ? severity : held;
  if (severity === null && next === alert.severity) return null;
  const judged = severity !== null && rank(severity) >= rank(next) ? verdict : null;
  return { type: 'stillwatch.alert.updated', verdict: judged ?? alert.verdict, severity: next };
}

/** When a subject is to be visited though nothing came: its alert may then be lowered or resolved, or it may be forgotten. */
export function dueTime({ alert, deserved, lastSeen }: SubjectState, quiet: number): number {
  if (alert?.status !== 'open') return windowEnd('hour', lastSeen + FORGET_AFTER);
  const resolve = deserved.info + quiet;
  return alert.severity === 'info' ? resolve : Math.min(resolve, deserved[alert.severity] + quiet / 2);
}

export function isForgotten({ alert, lastSeen }: SubjectState, time: number): boolean {
  return alert?.status !== 'open' && time - lastSeen >= FORGET_AFTER;
}

/** Milliseconds without cause after which an alert resolves. */
export function quietTime(hours: number): number {
  return hours * HOUR;
}

function lower(a: Severity, b: Severity): Severity {
  return rank(a) < rank(b) ? a : b;
}

function below(severity: Severity): Severity {
  return SEVERITIES[Math.max(0, rank(severity) - 1)] ?? 'info';
}
