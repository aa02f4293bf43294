import type { Type } from 'avsc';
import { decodedUserInfo } from '../../platform/config/user-info.ts';
import { StillwatchError } from '../../platform/errors.ts';
import type { Fetch } from '../../platform/fetch.ts';
import { explainTls, tlsTrouble } from '../../platform/tls-errors.ts';
import { embeddedSchemas } from './embedded-schemas.ts';
import { parseSchema, SCHEMA_NAMES, type SchemaName, schemaText } from './schemas.ts';
import type { Reader, SchemaSource } from './wire.ts';

export interface SchemaRegistryOptions {
  /** Base URL; credentials in it are sent as basic authentication and never logged. */
  url: string;
  /** These go before what the address has. */
  username?: string;
  password?: string;
  fetch: Fetch;
  monotonicNow(): number;
  /** Which record's subject goes under which topic. */
  subjects: Readonly<Partial<Record<SchemaName, string>>>;
}

export interface RegistrySchemas extends SchemaSource {
  /** Registers our schemas and learns their ids. */
  register(): Promise<void>;
  /** Fetches the schemas with these ids that are not known yet. Rejects when the registry cannot be asked: the caller waits and tries again. */
  prepare(ids: Iterable<number>): Promise<void>;
}

/** An id that the registry does not know is not asked for again for this long: untrusted ids must not fan out. */
const NOT_FOUND_FOR = 60_000;
const MOST_NOT_FOUND = 10_000;
/** Questions at a time: a batch may hold a thousand ids that nobody knows, and a registry that is asked them all at once answers none in time. */
const MOST_ASKED = 16;
const TIMEOUT = 5_000;

/** A Confluent-compatible registry. Types and resolvers are cached by id, a question is under way once at a time, and a "no" is remembered for a while. */
export function registrySchemas(options: SchemaRegistryOptions): RegistrySchemas {
  const embedded = embeddedSchemas();
  const base = new URL(options.url);
  const user = options.username || decodedUserInfo(base.username);
  const password = options.password || decodedUserInfo(base.password);
  const authorization = user === '' ? null : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  base.username = '';
  base.password = '';
  const ids = new Map<SchemaName, number>();
  const writers = new Map<number, Type | null>();
  const notFoundUntil = new Map<number, number>();
  const asking = new Map<number, Promise<void>>();
  const readers = new Map<string, Reader | null>();

  const request = async (path: string, body?: unknown): Promise<Response> => {
    const headers: Record<string, string> = { accept: 'application/vnd.schemaregistry.v1+json' };
    if (authorization !== null) headers['authorization'] = authorization;
    const init: Omit<Parameters<Fetch>[1], 'signal'> = { headers };
    if (body !== undefined) {
      headers['content-type'] = 'application/vnd.schemaregistry.v1+json';
      init.method = 'POST';
      init.body = JSON.stringify(body);
    }
    const attempt = (): Promise<Response> =>
      options.fetch(new URL(path, base), { ...init, signal: AbortSignal.timeout(TIMEOUT) });
    // Again at once: a connection that the registry closed while it was idle fails only when it is used, and the next one is new.
    const response = await attempt()
      .catch(attempt)
      .catch((error: unknown) => {
        throw unreachable(base.host, error);
      });
    if (response.status === 401 || response.status === 403)
      throw new StillwatchError(
        'REGISTRY_REFUSED',
        `the schema registry at ${base.host} refuses ${user === '' ? 'whoever does not say who they are' : `user ${user}`} (${response.status} for ${path})`,
        'check schema_registry.username, and schema_registry.password or the file in schema_registry.password_file; the user must be able to read schemas and to register ours',
      );
    return response;
  };

  const ask = async (id: number): Promise<void> => {
    const response = await request(`schemas/ids/${id}`);
    if (response.status === 404) {
      if (notFoundUntil.size >= MOST_NOT_FOUND) notFoundUntil.clear();
      notFoundUntil.set(id, options.monotonicNow() + NOT_FOUND_FOR);
      return;
    }
    if (response.status >= 500 || response.status === 429)
      throw new StillwatchError(
        'REGISTRY_UNREACHABLE',
        `the schema registry at ${base.host} cannot answer now (${response.status} for schema ${id})`,
        'look at the registry, or at what stands before it',
      );
    if (!response.ok)
      throw new Error(`the schema registry at ${base.host} answered ${response.status} for schema ${id}`);
    const { schema }: { schema: string } = JSON.parse(await response.text());
    writers.set(id, readable(schema));
  };

  return {
    idOf(name) {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`schema ${name} is not registered`);
      return id;
    },
    typeOf: (name) => embedded.typeOf(name),
    reader(id, name) {
      const key = `${id} ${name}`;
      const known = readers.get(key);
      if (known !== undefined) return known;
      const writer = writers.get(id);
      if (writer === undefined) return null; // not asked for, or not found: may change
      const made = writer === null ? null : resolve(embedded.typeOf(name), writer);
      readers.set(key, made);
      return made;
    },
    async register() {
      for (const name of SCHEMA_NAMES) {
        const response = await request(
          `subjects/${encodeURIComponent(options.subjects[name] ?? `stillwatch.${name}`)}/versions`,
          { schema: schemaText(name) },
        );
        if (!response.ok)
          throw new Error(
            `the schema registry at ${base.host} refused schema ${name}: ${response.status} ${(await response.text()).slice(0, 300)}`,
          );
        const { id }: { id: number } = JSON.parse(await response.text());
        ids.set(name, id);
        writers.set(id, embedded.typeOf(name));
      }
    },
    async prepare(wanted) {
      const questions: Promise<void>[] = [];
      for (const id of new Set(wanted)) {
        if (writers.has(id) || (notFoundUntil.get(id) ?? 0) > options.monotonicNow()) continue;
        const running = asking.get(id) ?? ask(id).finally(() => asking.delete(id));
        asking.set(id, running);
        questions.push(running);
        if (questions.length >= MOST_ASKED) await Promise.all(questions.splice(0));
      }
      await Promise.all(questions);
    },
  };
}

function unreachable(host: string, error: unknown): StillwatchError {
  const tls = tlsTrouble(error);
  if (tls === null)
    return new StillwatchError(
      'REGISTRY_UNREACHABLE',
      `the schema registry at ${host} does not answer`,
      'is it running, and is SCHEMA_REGISTRY_URL right (https:// where it wants TLS)?',
      error,
    );
  const { what, hint } = explainTls(
    tls,
    'schema_registry',
    'name its TLS port, or write http:// in SCHEMA_REGISTRY_URL',
  );
  return new StillwatchError(
    'REGISTRY_UNREACHABLE',
    `no TLS with the schema registry at ${host}: ${what}`,
    hint,
    error,
  );
}

function readable(text: string): Type | null {
  try {
    return parseSchema(text);
  } catch {
    return null; // a schema that is not Avro: its messages are dead letters, the registry is not at fault
  }
}

function resolve(reader: Type, writer: Type): Reader | null {
  try {
    const resolver = reader.createResolver(writer);
    // avsc's types leave out that decode takes an offset and a resolver.
    return (bytes, from) => reader.decode(bytes, from, resolver);
  } catch {
    return null; // incompatible with ours
  }
}
