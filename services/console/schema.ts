import { z } from 'zod';
import { ALERT_ID_LENGTH } from './list-key.ts';
import { refusalSchema } from './refusals.ts';

type JsonSchema = Record<string, unknown>;

/** One description of what goes in and out: the types, the validation and the OpenAPI document are made from it. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
  return rest;
}

export const id = z.string().min(1).max(ALERT_ID_LENGTH);
export const note = z.string().max(1_000);
/** Where nobody is asked who they are, whoever acts says so; else it is known. */
export const by = z.string().min(1).max(100);

export const NO_PARAMETERS = jsonSchema(z.strictObject({}));

interface RouteSchema {
  summary: string;
  tags: readonly string[];
  params?: z.ZodType;
  querystring?: z.ZodType;
  body?: z.ZodType;
  /** Of 200, or of 201 for what makes something. */
  answers?: Readonly<Record<number, string>>;
}

/** What fastify and OpenAPI want of a route. */
export function routeSchema({ summary, tags, params, querystring, body, answers = { 200: 'as asked' } }: RouteSchema) {
  const described = Object.entries({ ...answers, '4xx': 'refused: what, where, and what to do' });
  return {
    summary,
    tags,
    ...(params === undefined ? {} : { params: jsonSchema(params) }),
    querystring: querystring === undefined ? NO_PARAMETERS : jsonSchema(querystring),
    ...(body === undefined ? {} : { body: jsonSchema(body) }),
    response: Object.fromEntries(
      described.map(([code, description]) => [
        code,
        code === '4xx'
          ? { description, ...jsonSchema(refusalSchema) }
          : { description, type: 'object', additionalProperties: true },
      ]),
    ),
  };
}
