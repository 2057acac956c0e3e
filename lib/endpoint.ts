import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { z } from 'zod';
import { log } from './log';
import { type FieldError, Problem, Unavailable } from './problem';

/** The schemas of a request's parts; a part without one is not read. */
export interface RequestSchema {
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodObject;
}

type Part<S> = S extends z.ZodObject ? z.output<S> : unknown;

/** A request's fields, from all its parts. */
export type Input<R extends RequestSchema> = Part<R['params']> & Part<R['query']> & Part<R['body']>;

export interface Answer {
  status: 200 | 201 | 204;
  body?: unknown;
  headers?: Record<string, string>;
}

const parseBody = (event: APIGatewayProxyEventV2): unknown => {
  const type = event.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Problem(415, 'the body must be JSON, sent with content-type: application/json');
  }
  const text = event.isBase64Encoded
    ? Buffer.from(event.body ?? '', 'base64').toString()
    : (event.body ?? '');
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, 'the body is not valid JSON');
  }
};

const fieldErrors = (error: z.ZodError): FieldError[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: key, message: 'is not a field of this request' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );

/** @throws Problem 400 that names every wrong field */
const parseRequest = <R extends RequestSchema>(schema: R, event: APIGatewayProxyEventV2): Input<R> => {
  const parsed = [
    schema.params?.safeParse(event.pathParameters ?? {}),
    schema.query?.safeParse(event.queryStringParameters ?? {}),
    schema.body?.safeParse(parseBody(event)),
  ];
  const errors = parsed.flatMap((part) => (part?.error ? fieldErrors(part.error) : []));
  if (errors.length > 0) throw new Problem(400, 'the request has errors, see "errors"', errors);
  return Object.assign({}, ...parsed.map((part) => part?.data));
};

const problemAnswer = (error: unknown): APIGatewayProxyStructuredResultV2 => {
  const problem = error instanceof Problem ? error : new Problem(500, 'something went wrong here');
  if (problem.status >= 500) log.error('request failed', { error: (error as Error).cause ?? error });
  return {
    statusCode: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(problem instanceof Unavailable && { 'retry-after': '5' }),
    },
    body: JSON.stringify(problem),
  };
};

/** A Lambda handler for API Gateway's payload 2.0: validates, calls the use case, answers; errors as RFC 9457. */
export const endpoint =
  <R extends RequestSchema>(schema: R, useCase: () => Promise<(input: Input<R>) => Promise<Answer>>) =>
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      const input = parseRequest(schema, event);
      const { status, body, headers } = await (await useCase())(input);
      return {
        statusCode: status,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      };
    } catch (error) {
      return problemAnswer(error);
    }
  };
