import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { once } from '../runtime/lazy';
import { log } from '../runtime/log';
import { requireScope } from './auth';
import { type FieldError, Problem } from './problem';
import type { Answer, Input, Route } from './route';

/** What Lambda takes in one event. */
const maxBodyBytes = 6 * 1024 * 1024;

/** An error document has to fit into an answer. */
const maxErrors = 20;

const notUtf8 = () => new Problem(400, 'the body is not valid UTF-8');

/** @throws Problem 400 where bytes are no UTF-8: decoded here, or by the gateway, which then changed the length */
const bodyText = (event: APIGatewayProxyEventV2): string => {
  const { headers, isBase64Encoded } = event;
  const body = String(event.body ?? ''); // serverless-offline hands the JSON `false` over as it is
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) throw new Problem(413, `the body is larger than ${maxBodyBytes} bytes`);
  const sentBytes = Number(headers['content-length'] ?? bytes.length);
  if (!isBase64Encoded && sentBytes !== bytes.length && body.includes('\ufffd')) throw notUtf8();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8();
  }
};

const readBody = (event: APIGatewayProxyEventV2): string => {
  const type = event.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Problem(415, 'the body must be JSON, sent with content-type: application/json');
  }
  return bodyText(event);
};

const parseJson = (text: string): unknown => {
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

const noFields = z.strictObject({});

/** @throws Problem 400 that names every wrong field */
const parseRequest = <R extends Route>(route: R, event: APIGatewayProxyEventV2, text: string): Input<R> => {
  const parsed = [
    route.params?.safeParse(event.pathParameters ?? {}),
    (route.query ?? noFields).safeParse(event.queryStringParameters ?? {}),
    route.body?.safeParse(parseJson(text)),
  ];
  const errors = parsed.flatMap((part) => (part?.error ? fieldErrors(part.error) : []));
  if (errors.length > 0) {
    throw new Problem(400, 'the request has errors, see "errors"', { errors: errors.slice(0, maxErrors) });
  }
  return Object.assign({}, ...parsed.map((part) => part?.data));
};

type UntypedAnswer = { status: number; body?: unknown; headers?: Record<string, string> };

const answerTo = (
  { cacheControl }: Route,
  event: APIGatewayProxyEventV2,
  { status, body, headers }: UntypedAnswer,
): APIGatewayProxyStructuredResultV2 => {
  if (body === undefined) return { statusCode: status, ...(headers && { headers }) };
  const text = JSON.stringify(body);
  const answer = {
    statusCode: status,
    headers: {
      'content-type': 'application/json',
      'cache-control': cacheControl ?? 'no-store',
      ...(status === 503 && { 'retry-after': '5' }),
      ...headers,
    },
    body: text,
  };
  if (status !== 200 || !cacheControl) return answer;
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  const known = event.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known?.some((tag) => tag === etag || tag === '*')
    ? { statusCode: 304, headers: { 'cache-control': cacheControl, etag } }
    : { ...answer, headers: { ...answer.headers, etag } };
};

export const problemAnswer = (error: unknown): APIGatewayProxyStructuredResultV2 => {
  const problem = error instanceof Problem ? error : new Problem(500, 'something went wrong here');
  if (problem.status >= 500) log.error('request failed', { error: (error as Error).cause ?? error });
  return {
    statusCode: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.status === 503 && { 'retry-after': '5' }),
      ...problem.headers,
    },
    body: JSON.stringify(problem),
  };
};

/** The use case gets the request's fields and, where they do not tell enough, the body as it was sent. */
type UseCase<R extends Route> = (input: Input<R>, body: string) => Promise<Answer<R>>;

/**
 * A Lambda handler for API Gateway's payload 2.0: checks, calls the use case, answers; errors as RFC 9457. Calls are
 * marked pure, so that a bundle that imports only a function's route leaves out its handler and all that it needs.
 * @param open makes the use case, once per environment
 */
export const endpoint = <R extends Route>(route: R, open: () => Promise<UseCase<R>>) => {
  const useCase = once(open);
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      if (route.scope) requireScope(event, route.scope);
      const body = route.body ? readBody(event) : '';
      const input = parseRequest(route, event, body);
      return answerTo(route, event, (await (await useCase())(input, body)) as UntypedAnswer);
    } catch (error) {
      return problemAnswer(error);
    }
  };
};
