import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** The path under which people open the console, without the slash at its end: `/stillwatch`. Empty: at the root of its host, or it is not known where. */
export function basePathOf(publicUrl: string): string {
  if (publicUrl === '') return '';
  const parts = new URL(publicUrl).pathname.split('/').filter((part) => part !== '');
  return parts.map((part) => `/${part}`).join('');
}

/** A proxy hands on the path as it was asked for, or without what it stands for: both are the same request. */
export function withoutBasePath(basePath: string): (request: IncomingMessage) => string {
  return ({ url = '/' }) => (basePath !== '' && url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : url);
}

/** Everything that the page asks for is relative to where it is, and that has to end with a slash. */
export function addBasePath(app: FastifyInstance, basePath: string): void {
  if (basePath === '') return;
  const last = basePath.slice(basePath.lastIndexOf('/') + 1);
  app.get(basePath, { schema: { hide: true } }, async (_, reply) => await reply.redirect(`${last}/`));
}
