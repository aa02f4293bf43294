import { join } from 'node:path';

const ENTRY = join(import.meta.dirname, 'page/main.tsx');

export interface PageBundle {
  script: Buffer;
  style: Buffer;
}

/**
 * The page's TypeScript, Preact and uPlot as one script and one style sheet: the browser runs neither TypeScript nor bare imports. esbuild is loaded only
 * here: a package brings the page bundled, and does without it.
 */
export async function bundlePage(): Promise<PageBundle> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    outdir: 'page',
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const named = (end: string): Buffer => {
    const file = outputFiles.find(({ path }) => path.endsWith(end));
    if (file === undefined) throw new Error(`esbuild made no ${end} of ${ENTRY}`);
    return Buffer.from(file.contents);
  };
  return { script: named('.js'), style: named('.css') };
}
