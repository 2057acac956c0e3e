import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { log } from '../runtime/log';
import { etagOf, ifNoneMatch } from './etag';
import { problemOf } from './problem';
import type { Route } from './route';

interface Output {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What a use case answered, as JSON: with an ETag, or 304, where the route says how long it may be kept. */
export const jsonResponse = (
  { cacheControl }: Route,
  event: APIGatewayProxyEventV2,
  { status, body, headers }: Output,
): APIGatewayProxyStructuredResultV2 => {
  if (body === undefined) return { statusCode: status, ...(headers && { headers }) };
  const text = JSON.stringify(body);
  const etag = status === 200 && cacheControl ? etagOf(text) : undefined;
  const caching = { 'cache-control': cacheControl ?? 'no-store', ...(etag && { etag }) };
  if (etag && ifNoneMatch(event.headers['if-none-match'], etag)) return { statusCode: 304, headers: caching };
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/json',
      ...caching,
      ...(status === 503 && { 'retry-after': '5' }),
      ...headers,
    },
    body: text,
  };
};

/** An RFC 9457 document for what was thrown. */
export const problemResponse = (error: unknown): APIGatewayProxyStructuredResultV2 => {
  const problem = problemOf(error);
  if (problem.status >= 500) log.error('request failed', { error: (error as Error).cause ?? error });
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...problem.headers },
    body: JSON.stringify(problem),
  };
};
