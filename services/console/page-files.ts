import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BrotliOptions, brotliCompress, constants } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { bundlePage } from './bundle.ts';

const FOLDER = join(import.meta.dirname, 'page');
const RUNBOOKS = join(import.meta.dirname, '../../infra/runbooks');
/** The best there is takes a second at start to save a twentieth. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
const compress = promisify<Buffer, BrotliOptions, Buffer>(brotliCompress);

export interface PageFile {
  type: string;
  content: Buffer;
  compressed: Buffer;
}

type File = [path: string, type: string, content: Buffer];

/** Named one by one: no path of a request ever reaches the file system. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** In a package as `npm pack` bundled it; from sources bundled now, which takes a tenth of a second. */
export async function loadPage(): Promise<PageFiles> {
  const read = (name: string): Promise<Buffer> => readFile(join(FOLDER, name));
  const { script, style } = existsSync(join(FOLDER, 'app.js'))
    ? { script: await read('app.js'), style: await read('app.css') }
    : await bundlePage();
  const files: File[] = [
    ['/', 'text/html; charset=utf-8', await read('index.html')],
    ['/app.js', 'text/javascript; charset=utf-8', script],
    ['/app.css', 'text/css; charset=utf-8', style],
    ['/icon.svg', 'image/svg+xml; charset=utf-8', await read('icon.svg')],
    // As they are written: what is read at night needs no renderer that can fail.
    ...(await Promise.all(
      (
        await readdir(RUNBOOKS)
      ).map(
        async (name) =>
          [`/runbooks/${name}`, 'text/plain; charset=utf-8', await readFile(join(RUNBOOKS, name))] satisfies File,
      ),
    )),
  ];
  return new Map(
    await Promise.all(
      files.map(
        async ([path, type, content]) =>
          [path, { type, content, compressed: await compress(content, QUALITY) }] as const,
      ),
    ),
  );
}

export function addPage(app: FastifyInstance, files: PageFiles): void {
  for (const [path, { type, content, compressed }] of files)
    app.get(path, { schema: { hide: true } }, async ({ headers }, reply) => {
      // Asked for again each time, and answered with 304 while it is the same: after an upgrade nobody sees the page of before.
      reply.type(type).header('cache-control', 'no-cache').header('vary', 'accept-encoding');
      if (!/\bbr\b/.test(headers['accept-encoding'] ?? '')) return reply.send(content);
      return reply.header('content-encoding', 'br').send(compressed);
    });
}
