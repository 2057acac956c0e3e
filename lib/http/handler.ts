import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { lazy } from '../runtime/lazy';
import { auth } from './auth';
import { readBody, requireJson } from './body';
import { parseRequest } from './request';
import { jsonResponse, problemResponse } from './response';
import type { Input, Output, Route } from './route';

/** The use case gets the request's fields and, for where they lose something, the text of the body. */
type UseCase<R extends Route> = (input: Input<R>, body: string) => Promise<Output<R>>;

/**
 * A Lambda handler for API Gateway's payload 2.0.
 * @param open makes the use case, once per environment
 */
export const httpHandler = <R extends Route>(route: R, open: () => Promise<UseCase<R>>) => {
  const useCase = lazy(open);
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      if (route.scope) (await auth()).requireScope(event, route.scope);
      if (route.method === 'post' || route.body) requireJson(event);
      const body = route.body ? readBody(event) : '';
      const input = parseRequest(route, event, body);
      const output = await (await useCase())(input, body);
      return jsonResponse(route, event, output as Parameters<typeof jsonResponse>[2]);
    } catch (error) {
      return problemResponse(error);
    }
  };
};
