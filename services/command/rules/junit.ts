import type { Outcome } from './outcome.ts';

/** What a build server reads: a suite for each file, a case for each test. */
export function junitReport(outcomes: readonly Outcome[]): string {
  const suites = [...Map.groupBy(outcomes, ({ file }) => file)].map(
    ([file, own]) =>
      `  <testsuite name="${escaped(file)}" tests="${own.length}" failures="${failures(own)}">\n${own.map(testCase).join('')}  </testsuite>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="stillwatch rules test" tests="${outcomes.length}" failures="${failures(outcomes)}">\n${suites.join('')}</testsuites>\n`;
}

function testCase({ file, name, differences }: Outcome): string {
  const open = `    <testcase classname="${escaped(file)}" name="${escaped(name)}"`;
  if (differences.length === 0) return `${open}/>\n`;
  const lines = differences.map(({ what, expected, found }) => `${what}: expected ${expected}, found ${found}`);
  return `${open}>\n      <failure message="${escaped(lines[0] ?? '')}">${escaped(lines.join('\n'))}</failure>\n    </testcase>\n`;
}

function failures(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ passed }) => !passed).length;
}

/** Without what XML 1.0 cannot hold at all. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
