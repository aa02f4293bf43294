import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

const FOLDER = join(import.meta.dirname, 'page');
const SCRIPT = 'text/javascript; charset=utf-8';

/** Named one by one: no path of a request ever reaches the file system. */
const FILES: Readonly<Record<string, [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', SCRIPT],
  '/alert-list.js': ['alert-list.js', SCRIPT],
  '/alert-view.js': ['alert-view.js', SCRIPT],
  '/elements.js': ['elements.js', SCRIPT],
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
};

export function addPage(app: FastifyInstance): void {
  for (const [path, [file, type]] of Object.entries(FILES))
    app.get(path, async (_, reply) => reply.type(type).send(await readFile(join(FOLDER, file))));
}
