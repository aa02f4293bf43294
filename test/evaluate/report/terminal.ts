import type { DetectionRow, FalseAlarmRow, Report } from './summary.ts';
import { duration, percent, table, whole } from './table.ts';

const FALSE_ALARMS = ['who', 'accounts', 'days', 'pages', 'pages/day', 'tickets', 'paged accounts', 'false positives'];
const DETECTION = [
  'run',
  'accounts',
  'of campaign',
  'recall',
  'worst',
  'precision',
  'recall any',
  'B3 F1',
  'leaked',
  'share',
  'first page',
  'account p50',
  'p95',
  'CPU s',
  'MB',
];

function falseAlarm(row: FalseAlarmRow): string[] {
  return [
    row.who,
    whole(row.accounts),
    whole(row.days),
    whole(row.pages),
    row.pagesADay.toFixed(2),
    whole(row.tickets),
    whole(row.pagedAccounts),
    row.falsePositiveRate === 0 ? '0' : row.falsePositiveRate.toExponential(1),
  ];
}

function detection(row: DetectionRow): string[] {
  return [
    row.label,
    whole(row.accounts),
    whole(row.campaignAccounts),
    percent(row.recall),
    percent(row.worstRecall),
    percent(row.precision),
    percent(row.recallAny),
    row.bCubedF1 === null ? '-' : row.bCubedF1.toFixed(3),
    whole(row.leakedCalls),
    percent(row.leakedShare, 2),
    row.missed > 0 ? `never in ${row.missed}` : duration(row.firstPageMinutes),
    duration(row.accountMinutesP50),
    duration(row.accountMinutesP95),
    whole(row.cpuSeconds),
    whole(row.peakMemoryMb),
  ];
}

/** Everybody innocent over all runs of all experiments, the loudest first. */
function overall(rows: readonly FalseAlarmRow[]): FalseAlarmRow[] {
  const sums = new Map<string, FalseAlarmRow>();
  for (const row of rows) {
    const sum = sums.get(row.who);
    if (sum === undefined) {
      sums.set(row.who, { ...row });
      continue;
    }
    sum.accounts += row.accounts;
    sum.accountDays += row.accountDays;
    sum.days += row.days;
    sum.pages += row.pages;
    sum.tickets += row.tickets;
    sum.pagedAccounts += row.pagedAccounts;
    sum.pagesADay = sum.pages / sum.days;
    sum.falsePositiveRate = sum.pagedAccounts / Math.max(1, sum.accounts);
  }
  return [...sums.values()].sort(
    (a, b) =>
      b.pages - a.pages || b.pagedAccounts - a.pagedAccounts || b.tickets - a.tickets || (a.who < b.who ? -1 : 1),
  );
}

/** False alarms first: a campaign found means little if a university is accused as well. */
export function terminalReport(report: Report, titles: ReadonlyMap<string, string>): string {
  const parts: string[] = ['False alarms, all runs', table(FALSE_ALARMS, overall(report.falseAlarms).map(falseAlarm))];
  for (const [experiment, title] of titles) {
    const rows = report.detection.filter((row) => row.experiment === experiment && row.campaignAccounts > 0);
    const wrong = report.falseAlarms.filter(
      (row) => row.experiment === experiment && row.pages + row.pagedAccounts > 0,
    );
    if (!report.detection.some((row) => row.experiment === experiment)) continue;
    parts.push('', `${title} (${experiment})`);
    if (wrong.length > 0)
      parts.push(
        'Paged wrongly:',
        table(
          ['run', ...FALSE_ALARMS],
          wrong.map((row) => [row.label, ...falseAlarm(row)]),
        ),
      );
    else parts.push('No page on anybody innocent.');
    if (rows.length > 0) parts.push(table(DETECTION, rows.map(detection)));
  }
  const { brier, ece, windows } = report.calibration;
  parts.push(
    '',
    `Calibration: Brier score ${brier.toFixed(4)}, expected calibration error ${ece.toFixed(4)}, ${windows} hourly windows`,
  );
  return `${parts.join('\n')}\n`;
}
