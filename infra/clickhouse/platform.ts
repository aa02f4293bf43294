import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { StartError } from './start-error.ts';

/** What decides whether the engine's binary runs here. */
export interface Machine {
  /** `process.platform` and `process.arch`, joined by a dash. */
  platform: string;
  /** Null on a Linux without glibc (Alpine's musl); of no meaning elsewhere. */
  glibcVersion: string | null;
  /** x86-64 only. */
  hasAvx2: boolean;
}

/** The npm package that carries the engine for each platform it is built for. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
};

const ELSE = 'set CLICKHOUSE_URL to a ClickHouse server of your own';

/**
 * The package to load; throws what is missing and what to do instead. Asked before loading because the engine does not: without AVX2 it ends the
 * process with SIGILL, without a word.
 */
export function enginePackage({ platform, glibcVersion, hasAvx2 }: Machine): string {
  const name = PACKAGES[platform];
  if (name === undefined) throw new StartError(`the embedded ClickHouse is not built for ${platform}: ${ELSE}`);
  if (platform.startsWith('linux-') && glibcVersion === null)
    throw new StartError(
      `the embedded ClickHouse needs glibc, and this Linux has another C library (musl?): use a glibc image, or ${ELSE}`,
    );
  if (platform.endsWith('-x64') && !hasAvx2)
    throw new StartError(`the embedded ClickHouse needs a processor with AVX2, and this one has none: ${ELSE}`);
  return name;
}

export function thisMachine(): Machine {
  return {
    platform: `${process.platform}-${process.arch}`,
    glibcVersion: glibcVersion(),
    hasAvx2: process.arch === 'x64' && hasAvx2(),
  };
}

function glibcVersion(): string | null {
  const report: { header?: { glibcVersionRuntime?: string } } = JSON.parse(JSON.stringify(process.report.getReport()));
  return report.header?.glibcVersionRuntime ?? null;
}

function hasAvx2(): boolean {
  if (existsSync('/proc/cpuinfo')) return /\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  try {
    return execFileSync('sysctl', ['-n', 'hw.optional.avx2_0'], { encoding: 'utf8' }).trim() === '1';
  } catch {
    return true; // Nobody to ask: let the engine try.
  }
}
