import type * as z from 'zod';
import type { Scope } from '../runtime/env';
import type { Upload } from '../samples/upload/rows';
import type { ProblemStatus } from './problem';
import type { Table } from './table';

interface RouteResponse {
  description: string;
  schema?: z.ZodType;
  /** Those of the schema, unless given. */
  examples?: unknown[];
  headers?: Record<string, string>;
  /** The body is a text of this type, and no JSON. */
  type?: string;
}

/** One call of the API: what API Gateway routes, what is validated, and what the OpenAPI document says. */
export interface Route {
  /** The function's name. */
  name: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: `/${string}`;
  summary: string;
  description?: string;
  /** What the caller's token must allow; without it everybody may call. */
  scope?: Scope;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodObject;
  /** Bodies of other types than JSON that it takes, with an example of each. */
  uploads?: Record<Upload['type'], string>;
  responses: { [status in 200 | 201 | 202 | 204 | 503]?: RouteResponse };
  /** Besides those that follow from the fields above. */
  errors?: ProblemStatus[];
  /** The response is to be had as CSV and NDJSON too, by Accept or `format`. */
  table?: Table;
  /** The response carries an ETag and this Cache-Control, and If-None-Match is heeded. */
  cacheControl?: string;
}

/** For what may change at any moment: keep it, but ask each time whether it is still true. */
export const revalidate = 'private, no-cache';

type Part<S> = S extends z.ZodObject ? z.output<S> : unknown;

/** A request's fields, from all its parts. */
export type Input<R> = (R extends { params: infer P } ? Part<P> : unknown) &
  (R extends { query: infer Q } ? Part<Q> : unknown) &
  (R extends { body: infer B } ? Part<B> : unknown);

/** A request's fields without those of a body. */
export type Fields<R> = (R extends { params: infer P } ? Part<P> : unknown) &
  (R extends { query: infer Q } ? Part<Q> : unknown);

type Body<A> = A extends { schema: infer S extends z.ZodType } ? { body: z.output<S> } : { body?: never };

/** One of the responses that the route names. */
export type Output<R extends Pick<Route, 'responses'>> = {
  [S in keyof R['responses']]: { status: S; headers?: Record<string, string> } & Body<R['responses'][S]>;
}[keyof R['responses']];
