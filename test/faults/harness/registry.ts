import { once } from 'node:events';
import { createServer } from 'node:http';
import { SCHEMA_IDS, SCHEMA_NAMES, schemaText } from '../../../services/records/codec/schemas.ts';

/** A schema registry with what a service asks of Confluent's interface. It gives our schemas the ids that they have without one, so that the bytes stay. */
export interface Registry {
  url: string;
  /** Breaks every connection. */
  isAway: boolean;
  /** A schema that somebody registers later. */
  add(id: number, text: string): void;
  close(): Promise<void>;
}

const IDS = new Map(SCHEMA_NAMES.map((name) => [schemaText(name), SCHEMA_IDS[name]]));

export interface RegistryOptions {
  /** Others are not let in. */
  only?: { user: string; password: string };
  /** Schemas that somebody else registered, by id. */
  foreign?: ReadonlyMap<number, string>;
}

export async function startRegistry({ only, foreign = new Map() }: RegistryOptions = {}): Promise<Registry> {
  const wantedKey = only === undefined ? null : `Basic ${btoa(`${only.user}:${only.password}`)}`;
  const texts = new Map([...foreign, ...[...IDS].map(([text, id]): [number, string] => [id, text])]);
  const server = createServer(async (request, response) => {
    if (registry.isAway) return void response.destroy();
    if (wantedKey !== null && request.headers.authorization !== wantedKey)
      return void response.writeHead(401).end(JSON.stringify({ error_code: 40101 }));
    const wanted = /^\/schemas\/ids\/(\d+)$/.exec(request.url ?? '')?.[1];
    if (wanted === undefined) {
      const body = Buffer.concat(await Array.fromAsync(request)).toString();
      response.end(JSON.stringify({ id: IDS.get(JSON.parse(body).schema) }));
      return;
    }
    const schema = texts.get(Number(wanted));
    response
      .writeHead(schema === undefined ? 404 : 200)
      .end(JSON.stringify(schema === undefined ? { error_code: 40403 } : { schema }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const registry: Registry = {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`,
    isAway: false,
    add: (id, text) => void texts.set(id, text),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return registry;
}
