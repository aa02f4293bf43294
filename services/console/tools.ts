import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Assistants may ask this route too, as a tool of this name. Only of what reads. */
    tool?: string;
  }
}

type Properties = Record<string, object>;
type Parameters = { properties?: Properties; required?: string[] };

/** A route that assistants may ask. */
export interface Tool {
  name: string;
  description: string;
  /** Of its parameters, whether they are in the path or follow it. JSON Schema. */
  input: { type: 'object'; properties: Properties; required: string[]; additionalProperties: false };
  /** Where the answer is. */
  urlOf(given: Readonly<Record<string, unknown>>): string;
}

/** Learns the tools while routes are registered: what a route takes and says of itself is said once. */
export function learnTools(app: FastifyInstance): readonly Tool[] {
  const tools: Tool[] = [];
  app.addHook('onRoute', ({ method, url, config, schema }) => {
    if (config?.tool === undefined || method !== 'GET') return;
    const [params, query] = [schema?.params, schema?.querystring] as [Parameters?, Parameters?]; // made by zod in schema.ts
    tools.push({
      name: config.tool,
      description: schema?.summary ?? '',
      input: {
        type: 'object',
        properties: { ...params?.properties, ...query?.properties },
        required: [...(params?.required ?? []), ...(query?.required ?? [])],
        additionalProperties: false,
      },
      urlOf: (given) => fill(url, given, Object.keys(query?.properties ?? {})),
    });
  });
  return tools;
}

function fill(path: string, given: Readonly<Record<string, unknown>>, query: readonly string[]): string {
  const asked = new URLSearchParams();
  for (const name of query) for (const value of [given[name] ?? []].flat()) asked.append(name, String(value));
  const at = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(given[name])));
  return asked.size === 0 ? at : `${at}?${asked}`;
}
