import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ALLOWED_LICENCES, FETCHED_NODES, INSTALL_SCRIPTS } from './policy.ts';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      license: z.string().optional(),
      link: z.boolean().optional(),
      dev: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});
const manifestSchema = z.object({
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
  licenses: z.array(z.object({ type: z.string() })).optional(),
});

export interface Dependency {
  name: string;
  version: string;
  licence: string;
  /** Not part of what is shipped. */
  isDevelopment: boolean;
}

export interface Inspection {
  dependencies: Dependency[];
  /** What must not be so, each with what to do about it. */
  problems: string[];
}

const REGISTRY = 'https://registry.npmjs.org/';

/** Looks at what a package-lock.json installs: from where, under which licence, and what runs on the way. Asks nobody. */
export async function inspectDependencies(root: string): Promise<Inspection> {
  const { packages } = lockSchema.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  const dependencies: Dependency[] = [];
  const problems: string[] = [];
  const scripts = new Set<string>();
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const version = entry.version ?? '';
    const what = `${name} ${version}`;
    // Without an address npm takes name and version from the registry it is set up with, and the content must have this hash.
    if (entry.link === true || !(entry.resolved ?? REGISTRY).startsWith(REGISTRY))
      problems.push(
        `${what} does not come from the npm registry but from ${entry.resolved ?? 'a folder'}: use a release`,
      );
    if (!entry.integrity?.startsWith('sha512-'))
      problems.push(`${what} has no sha512 in package-lock.json: remove node_modules and run npm install`);
    if (entry.hasInstallScript === true) {
      scripts.add(name);
      if (INSTALL_SCRIPTS[name] === undefined)
        problems.push(
          `${what} runs something when it is installed: see that it fetches nothing, then add it to infra/dependencies/policy.ts with a reason`,
        );
    }
    const licence = entry.license ?? (await licenceOf(join(root, path)));
    if (!isAllowed(licence))
      problems.push(
        `${what} has the licence ${licence}: leave it out, or add the licence to infra/dependencies/policy.ts`,
      );
    dependencies.push({ name, version, licence, isDevelopment: entry.dev === true });
  }
  for (const name of Object.keys(INSTALL_SCRIPTS))
    if (!scripts.has(name))
      problems.push(`${name} runs nothing any more when it is installed: take it out of infra/dependencies/policy.ts`);
  problems.push(...(await fetchedNodeProblems(root)));
  return { dependencies, problems };
}

/** What npm wrote down when the script of `node` had it install the Node of this platform; nothing where scripts did not run. */
async function fetchedNodeProblems(root: string): Promise<string[]> {
  const file = join(root, 'node_modules/node/node_modules/.package-lock.json');
  if (!existsSync(file)) return [];
  const { packages } = lockSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const known = new Set(Object.keys(FETCHED_NODES).map((what) => what.slice(0, what.lastIndexOf('@'))));
  return Object.entries(packages).flatMap(([path, { version, integrity }]) => {
    const name = path.slice('node_modules/'.length);
    const what = `${name}@${version}`;
    if (!known.has(name) || FETCHED_NODES[what] === integrity) return [];
    return `${what}, which runs everything, has the hash ${integrity}: if it is the Node that you want, put that into infra/dependencies/policy.ts; else remove node_modules`;
  });
}

/** Older packages say it in older ways, which the lock file leaves out. */
async function licenceOf(folder: string): Promise<string> {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return 'unknown';
  const { license, licenses = [] } = manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const named =
    typeof license === 'string' ? license : (license?.type ?? licenses.map(({ type }) => type).join(' AND '));
  return named === '' ? 'unknown' : named;
}

/** SPDX expressions without nesting: one of an OR is enough, an AND needs all. */
export function isAllowed(licence: string): boolean {
  return licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => ALLOWED_LICENCES.has(part.trim())));
}
