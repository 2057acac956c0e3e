import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problemAnswer } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import { routes } from './openapi';

const matches = (template: string, path: string) =>
  new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);

/** @returns 405 for a known path, else 404 */
export const notFound = (method: string, path: string): Problem => {
  const exact = routes.filter((route) => route.path === path);
  const found = exact.length > 0 ? exact : routes.filter((route) => matches(route.path, path));
  const methods = found.map((route) => route.method.toUpperCase());
  if (methods.length === 0) return new Problem(404, `there is nothing at ${path}`);
  const allow = methods.join(', ');
  return new Problem(405, `${path} does not take ${method} but ${allow}`, { headers: { allow } });
};

/** Whatever no other function answers. */
export const handler = async ({
  requestContext: { http },
}: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> =>
  problemAnswer(notFound(http.method, http.path));
