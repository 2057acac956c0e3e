import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Problem } from '../lib/http/problem';
import { problemResponse } from '../lib/http/response';
import { routes } from '../lib/http/routes';

/** Whether a path is one of a route's. */
export const matches = (template: string, path: string) =>
  new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);

/** Those of the page are in no document. */
const all = [...routes, { method: 'get', path: '/' }, { method: 'get', path: '/dashboard/{version}/{file}' }];

/** @returns 405 for a known path, else 404 */
export const notFound = (method: string, path: string): Problem => {
  const exact = all.filter((route) => route.path === path);
  const found = exact.length > 0 ? exact : all.filter((route) => matches(route.path, path));
  const methods = found.map((route) => route.method.toUpperCase());
  if (methods.length === 0) return new Problem(404, `there is nothing at ${path}`);
  const allow = methods.join(', ');
  return new Problem(405, `${path} does not take ${method} but ${allow}`, { headers: { allow } });
};

/**
 * Answers whatever no other function does. Preflight requests of browsers are among it: API Gateway adds its CORS headers to
 * the answer, or none where CORS_ORIGINS is not set, which the browser takes for a no.
 */
export const handler = async ({
  headers,
  requestContext: { http },
}: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> =>
  http.method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
    ? { statusCode: 204 }
    : problemResponse(notFound(http.method, http.path));
