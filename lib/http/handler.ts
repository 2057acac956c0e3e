import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Scope } from '../runtime/env';
import { lazy } from '../runtime/lazy';
import { type Upload, uploadTypes } from '../samples/upload/rows';
import { auth } from './auth';
import { readBody, readUploadBody, requireType } from './body';
import { parseRequest } from './request';
import { problemResponse, responseOf } from './response';
import type { Fields, Input, Output, Route } from './route';

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

/** The use case of a body that is no JSON. */
type UploadUseCase<R extends Route> = (input: Fields<R>, upload: Upload) => Promise<Output<R>>;

interface UseCases<R extends Route> {
  json?: (() => Promise<UseCase<R>>) | undefined;
  upload?: () => Promise<UploadUseCase<R>>;
}

/** A Lambda handler for API Gateway's payload 2.0. @param open makes the use case, once per environment */
export const httpHandler = <R extends Route>(route: R, open: () => Promise<UseCase<R>>) =>
  handlerOf(route, { json: open });

/** The same for a route that takes CSV and NDJSON, perhaps besides JSON. */
export const uploadHandler = <R extends Route>(
  route: R,
  upload: () => Promise<UploadUseCase<R>>,
  json?: () => Promise<UseCase<R>>,
) => handlerOf(route, { upload, json });

const handlerOf = <R extends Route>(route: R, { json, upload }: UseCases<R>) => {
  const useCase = json && lazy(json);
  const uploadUseCase = upload && lazy(upload);
  const types = [...(json ? (['application/json'] as const) : []), ...(upload ? uploadTypes : [])];
  const answer = async (
    event: APIGatewayProxyEventV2,
    scope: Scope | undefined,
    caller: string,
  ): Promise<Output<R>> => {
    const hasType = route.method === 'post' || route.body;
    const type = hasType ? requireType(event, types) : 'application/json';
    if (type !== 'application/json') {
      const { body: _, ...withoutBody } = route;
      const input = parseRequest(withoutBody as R, event, '');
      return (await (uploadUseCase as () => Promise<UploadUseCase<R>>)())(input as Fields<R>, {
        type,
        bytes: readUploadBody(event),
      });
    }
    const body = route.body ? readBody(event) : '';
    const input = parseRequest(route, event, body);
    return (await (useCase as () => Promise<UseCase<R>>)())(input, body, scope, caller);
  };
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      const { requireScope, scopeOf, nameOf } = await auth();
      if (route.scope) requireScope(event, route.scope);
      const output = await answer(event, scopeOf(event), nameOf(event));
      return responseOf(route, event, output as Parameters<typeof responseOf>[2]);
    } catch (error) {
      return problemResponse(error);
    }
  };
};
