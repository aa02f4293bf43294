import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';

type AnswerSchema = Parameters<typeof z.fromJSONSchema>[0];

type JsonSchema = { type?: string; enum?: unknown[]; properties?: Record<string, JsonSchema>; items?: JsonSchema };

/** A route as the server has it, not as something says that it has. */
export interface TableRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters, as registered. */
  path: string;
  role: string | undefined;
  isPublic: boolean;
  params: Record<string, JsonSchema>;
  querystring: Record<string, JsonSchema>;
  body: Record<string, JsonSchema> | null;
  bodyLimit: number | undefined;
  /** By status code, or by its class as 4xx. */
  answers: Record<string, AnswerSchema>;
}

/** Every route that the server answers, learned while they are registered: a new one cannot be left out. HEAD is what GET is. */
export async function routeTable(app: FastifyInstance): Promise<TableRoute[]> {
  const found: TableRoute[] = [];
  app.addHook('onRoute', ({ method, url, config, schema, bodyLimit }) => {
    const propertiesOf = (part: unknown): Record<string, JsonSchema> =>
      (part as JsonSchema | undefined)?.properties ?? {}; // made by zod in services/console/schema.ts
    for (const each of [method].flat()) {
      if (each === 'HEAD') continue;
      found.push({
        method: each as TableRoute['method'], // there are no others (a test of these says so)
        path: url,
        role: config?.role,
        isPublic: config?.isPublic === true,
        params: propertiesOf(schema?.params),
        querystring: propertiesOf(schema?.querystring),
        body: schema?.body === undefined ? null : propertiesOf(schema.body),
        bodyLimit,
        answers: (schema?.response ?? {}) as Record<string, AnswerSchema>, // made by zod in services/console/schema.ts
      });
    }
  });
  await app.ready();
  return found;
}

export const isApi = ({ path }: TableRoute): boolean => path.startsWith('/api/');
export const changes = ({ method }: TableRoute): boolean => method !== 'GET';
export const nameOf = ({ method, path }: TableRoute): string => `${method} ${path}`;

/** The path with something in the place of each parameter. */
export function fill({ path }: TableRoute, value: string): string {
  return path.replaceAll(/:\w+/g, encodeURIComponent(value));
}
