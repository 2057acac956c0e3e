import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Scope } from '../runtime/env';
import { lazy } from '../runtime/lazy';
import { auth } from './auth';
import { readBody, requireJson } from './body';
import { parseRequest } from './request';
import { jsonResponse, problemResponse } from './response';
import type { Input, Output, Route } from './route';

/**
 * The use case gets the request's fields, the text of the body for where they lose something, what the caller may do, and
 * the caller's name. The scope is undefined for a stranger, whom only a route without one lets in.
 */
type UseCase<R extends Route> = (
  input: Input<R>,
  body: string,
  scope: Scope | undefined,
  caller: string,
) => Promise<Output<R>>;

/**
 * A Lambda handler for API Gateway's payload 2.0.
 * @param open makes the use case, once per environment
 */
export const httpHandler = <R extends Route>(route: R, open: () => Promise<UseCase<R>>) => {
  const useCase = lazy(open);
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      const { requireScope, scopeOf, nameOf } = await auth();
      if (route.scope) requireScope(event, route.scope);
      if (route.method === 'post' || route.body) requireJson(event);
      const body = route.body ? readBody(event) : '';
      const input = parseRequest(route, event, body);
      const output = await (await useCase())(input, body, scopeOf(event), nameOf(event));
      return jsonResponse(route, event, output as Parameters<typeof jsonResponse>[2]);
    } catch (error) {
      return problemResponse(error);
    }
  };
};
