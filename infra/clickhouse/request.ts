import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { bodyInMemory, bodyToFile } from './body.ts';
import type { InsertHead } from './insert-head.ts';
import { type Query, readStatement } from './statement.ts';

/** What a request wants done. */
export type Work =
  | Query
  /** `file` is null when there is no data: nothing is to be done then. */
  | { kind: 'insert'; head: InsertHead; file: string | null };

export function queryIdOf(parameters: URLSearchParams): string {
  return parameters.get('query_id') || randomUUID();
}

/**
 * Reads statement and data. The statement stands in the URL with its data in the body; or both in the body; or both in a multipart form, the
 * parameters of which are added to `parameters`; or begins in the URL and goes on in the body.
 */
export async function readWork(request: IncomingMessage, parameters: URLSearchParams, folder: string): Promise<Work> {
  const inUrl = Buffer.from(parameters.get('query') ?? '');
  const type = request.headers['content-type'] ?? '';
  const isForm = type.startsWith('multipart/form-data');
  if (inUrl.length > 0 && !isForm) {
    const statement = readStatement(inUrl);
    if (statement.kind === 'insert') {
      return { kind: 'insert', head: statement.head, file: await bodyToFile(request, statement.head.data, folder) };
    }
  }
  const body = await bodyInMemory(request);
  const rest = isForm ? await readForm(body, type, parameters) : body;
  const between = inUrl.length > 0 && rest.length > 0 ? '\n' : '';
  const statement = readStatement(Buffer.concat([inUrl, Buffer.from(between), rest]));
  if (statement.kind === 'query') return statement;
  return { kind: 'insert', head: statement.head, file: await bodyToFile(null, statement.head.data, folder) };
}

/** Adds a form's fields to `parameters`; gives its `query`. */
async function readForm(body: Buffer, type: string, parameters: URLSearchParams): Promise<Buffer> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  let query = '';
  for (const [name, value] of form) {
    const text = typeof value === 'string' ? value : await value.text();
    if (name === 'query') query += text;
    else parameters.append(name, text);
  }
  return Buffer.from(query);
}
