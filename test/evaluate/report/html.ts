import type { Report } from './summary.ts';

export function htmlReport(report: Report, kept: object): string {
  return `<!doctype html><pre>${JSON.stringify({ kept, report })}</pre>`;
}
