import { z } from 'zod';
import { ALERT_ID_LENGTH, LIST_KEY_PATTERN } from '../feedback/list-key.ts';
import { refusalSchema } from './refusals.ts';

type JsonSchema = Record<string, unknown>;

/** One description of what goes in and out: the types, the validation and the OpenAPI document are made from it. */
export const jsonSchema = (schema: z.ZodType): JsonSchema => draft7(schema, 'input');
export const answerSchema = (schema: z.ZodType): JsonSchema => draft7(schema, 'output');

function draft7(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io, unrepresentable: 'any' });
  return rest;
}

export const id = z.string().min(1).max(ALERT_ID_LENGTH);
export const note = z.string().max(1_000);
/** Not only blanks. */
export const reason = z.string().regex(/\S/).max(1_000);
/** Where nobody is asked who they are, whoever acts says so; else it is known. */
export const by = z.string().min(1).max(100);

/** The `next` of the page before. */
export const before = z.string().regex(LIST_KEY_PATTERN);

export const NO_PARAMETERS = jsonSchema(z.strictObject({}));

interface RouteSchema {
  summary: string;
  tags: readonly string[];
  params?: z.ZodType;
  querystring?: z.ZodType;
  body?: z.ZodType;
  answer: z.ZodType;
  /** 201 for what makes something. */
  code?: 200 | 201;
}

/** What fastify and OpenAPI want of a route. What is sent is made by these schemas too: nothing leaves that they do not name. */
export function routeSchema({ summary, tags, params, querystring, body, answer, code = 200 }: RouteSchema) {
  const refused = answerSchema(refusalSchema);
  return {
    summary,
    tags,
    ...(params === undefined ? {} : { params: jsonSchema(params) }),
    querystring: querystring === undefined ? NO_PARAMETERS : jsonSchema(querystring),
    ...(body === undefined ? {} : { body: jsonSchema(body) }),
    response: {
      [code]: { description: code === 200 ? 'as asked' : 'made', ...answerSchema(answer) },
      '4xx': { description: 'refused: what, where, and what to do', ...refused },
      '5xx': { description: 'failed: what, where, and what to do', ...refused },
    },
  };
}
