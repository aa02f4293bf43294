import type { Place } from './place-in-text.ts';

/** Something wrong with a rule file, and where. `warning`: it is in force as it stands, and probably not what was meant. */
export interface RulesProblem extends Place {
  severity: 'error' | 'warning';
  /** Dotted; empty for the file as a whole. */
  path: string;
  message: string;
}

/** The form that editors and terminals turn into a link: `file:line:column: ...`. */
export function formatProblem(file: string, { line, column, severity, path, message }: RulesProblem): string {
  return `${file}:${line}:${column}: ${severity}: ${path === '' ? '' : `${path}: `}${message}`;
}
