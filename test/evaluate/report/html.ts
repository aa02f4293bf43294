import type { DetectionRow, FalseAlarmRow, Report } from './summary.ts';
import { barPlot, diagonalPlot, escapeText, heatMap } from './svg.ts';
import { duration, percent, whole } from './table.ts';

/** What the figures were made with. */
export interface Provenance {
  seeds: { set: string; used: readonly number[] };
  quick: boolean;
  scale: number;
  node: string;
}

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1c2430, #dfe5ee); --faint: light-dark(#b9cbe4, #35507a); --bar: light-dark(#2f65b0, #7fb0ff); --grid: light-dark(#dde3ea, #333c48); --goal: #c8472f; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 84rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; }
th, td { padding: .15rem .7rem; text-align: right; border-bottom: 1px solid var(--grid); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
tr.wrong { color: var(--goal); font-weight: 600; }
svg { max-width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: var(--ink); }
.grid { stroke: var(--grid); } .goal { stroke: var(--goal); stroke-dasharray: 4 3; } .bar { fill: var(--bar); } .faint { fill: var(--faint); } .cell { fill: #1c2430; }
`;

function htmlTable(header: readonly string[], rows: readonly { cells: readonly string[]; wrong?: boolean }[]): string {
  const head = header.map((title) => `<th scope="col">${escapeText(title)}</th>`).join('');
  const body = rows
    .map(
      ({ cells, wrong }) =>
        `<tr${wrong === true ? ' class="wrong"' : ''}>${cells.map((cell) => `<td>${escapeText(cell)}</td>`).join('')}</tr>`,
    )
    .join('\n');
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

function falseAlarms(rows: readonly FalseAlarmRow[]): string {
  return htmlTable(
    ['run', 'who', 'accounts', 'days', 'pages a day', 'tickets', 'paged accounts', 'false-positive rate'],
    rows.map((row) => ({
      cells: [
        row.label,
        row.who,
        whole(row.accounts),
        whole(row.days),
        row.pagesADay.toFixed(2),
        whole(row.tickets),
        whole(row.pagedAccounts),
        row.falsePositiveRate === 0 ? '0' : row.falsePositiveRate.toExponential(1),
      ],
      wrong: row.pages + row.pagedAccounts > 0,
    })),
  );
}

function detection(rows: readonly DetectionRow[]): string {
  return htmlTable(
    [
      'run',
      'accounts',
      'of campaign',
      'recall',
      'worst',
      'precision',
      'precision any',
      'B-cubed F1',
      'leaked',
      'share',
      'first page',
      'account p50',
      'p95',
      'wall s',
      'CPU s',
      'MB',
    ],
    rows.map((row) => ({
      cells: [
        row.label,
        whole(row.accounts),
        whole(row.campaignAccounts),
        percent(row.recall),
        percent(row.worstRecall),
        percent(row.precision),
        percent(row.precisionAny),
        row.bCubedF1?.toFixed(3) ?? '-',
        whole(row.leakedCalls),
        percent(row.leakedShare, 2),
        row.missed > 0 ? `never in ${row.missed} of ${row.seeds}` : duration(row.firstPageMinutes),
        duration(row.accountMinutesP50),
        duration(row.accountMinutesP95),
        whole(row.wallSeconds),
        whole(row.cpuSeconds),
        whole(row.peakMemoryMb),
      ],
      wrong: row.missed > 0,
    })),
  );
}

function recallPlot(rows: readonly DetectionRow[]): string {
  return barPlot(
    'Account recall at page severity, and at any behind it',
    rows.map((row) => ({
      label: row.label,
      value: row.recall,
      behind: row.recallAny,
      caption: `${percent(row.recall)} (any ${percent(row.recallAny)})`,
    })),
  );
}

function surfaces(rows: readonly DetectionRow[]): string {
  const points = rows.flatMap((row) => (row.point === null ? [] : [{ ...row.point, recall: row.recall }]));
  return [...new Set(points.map(({ camouflage }) => camouflage))]
    .map((camouflage) => {
      const cells = points
        .filter((point) => point.camouflage === camouflage)
        .map(({ accounts, leakage, recall }) => ({
          column: percent(leakage, 0),
          row: `${accounts} accounts`,
          value: recall,
        }));
      return `<h3>Camouflage ${percent(camouflage, 0)}: recall over identifiers leaking</h3>${heatMap('Recall surface', cells)}`;
    })
    .join('\n');
}

/** One page that needs nothing else: no script, no network. */
export function htmlReport(report: Report, titles: ReadonlyMap<string, string>, made: Provenance): string {
  const sections = [...titles].flatMap(([name, title]) => {
    const rows = report.detection.filter((row) => row.experiment === name);
    if (rows.length === 0) return [];
    const campaigns = rows.filter((row) => row.campaignAccounts > 0);
    const innocent = report.falseAlarms.filter(
      (row) => row.experiment === name && (campaigns.length === 0 || row.pages + row.pagedAccounts + row.tickets > 0),
    );
    return [
      `<h2 id="${name}">${escapeText(title)}</h2>`,
      innocent.length === 0 ? '<p>No page and no ticket on anybody innocent.</p>' : falseAlarms(innocent),
      ...(campaigns.length === 0 ? [] : [recallPlot(campaigns), detection(campaigns), surfaces(campaigns)]),
    ];
  });
  const { bins, brier, ece, windows } = report.calibration;
  const dots = bins
    .filter((bin) => bin.windows > 0)
    .map((bin) => ({
      x: bin.confidence / bin.windows,
      y: bin.true / bin.windows,
      weight: bin.windows,
      caption: `${bin.windows} windows: confidence ${(bin.confidence / bin.windows).toFixed(2)}, true ${(bin.true / bin.windows).toFixed(2)}`,
    }));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>stillwatch evaluation</title><style>${STYLE}</style></head><body>
<h1>stillwatch: what it finds, and whom it accuses wrongly</h1>
<p>Simulated traffic, ${escapeText(made.seeds.set)} seeds ${made.seeds.used.join(', ')}, scale ${made.scale}${made.quick ? ', quick form' : ''}, Node ${escapeText(made.node)}. No public data set has labelled campaigns: every figure here is synthetic.
A share of accounts is over those that made a call; a leak is the calls of the campaign before its first page.</p>
${sections.join('\n')}
<h2>Calibration</h2>
<p>Hourly windows of clusters and loud accounts: ${windows}. Brier score ${brier.toFixed(4)}, expected calibration error ${ece.toFixed(4)}.</p>
${diagonalPlot('Reliability diagram', dots, 'confidence', 'share that was a campaign')}
</body></html>
`;
}
