import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'bin');
const MODULE = 'helm.sh/helm/v3/cmd/helm@v3.22.0';
/** Where Go's own archive puts it, which is not on every PATH. */
const PLACES = ['go', '/usr/local/go/bin/go'];

/** Of HELM, or built here. */
export const HELM = process.env['HELM'] ?? join(FOLDER, 'helm');

/** `node infra/helm/install.ts`: builds helm, which no registry has built, in some minutes and once. Without Go it says so, and the chart is not rendered. */
export function installHelm(log: (line: string) => void): void {
  if (process.env['HELM'] !== undefined || existsSync(HELM)) return;
  const go = PLACES.find((place) => spawnSync(place, ['version'], { stdio: 'ignore' }).status === 0);
  if (go === undefined) {
    log('There is no Go to build helm with: the chart will not be rendered (or name one in HELM).');
    return;
  }
  log(`== Helm: go install ${MODULE}`);
  const { status } = spawnSync(go, ['install', MODULE], { env: { ...process.env, GOBIN: FOLDER }, stdio: 'inherit' });
  if (status !== 0) log('Helm could not be built: the chart will not be rendered (or name one in HELM).');
}

if (import.meta.main) installHelm(console.error);
