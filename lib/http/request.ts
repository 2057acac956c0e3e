import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { parseJson } from './body';
import { type FieldError, Problem } from './problem';
import type { Input, Route } from './route';

/** A problem document has to fit into a response. */
const maxErrors = 20;

const noFields = z.strictObject({});

const fieldErrors = (error: z.ZodError): FieldError[] =>
  error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: key, message: 'is not a field of this request' }));
    }
    const noObject = issue.code === 'invalid_type' && issue.path.length === 0;
    if (noObject) return [{ path: 'body', message: 'must be a JSON object' }];
    return [{ path: issue.path.join('.'), message: issue.message }];
  });

/** The fields of a request. @throws Problem 400 that names every wrong field */
export const parseRequest = <R extends Route>(
  route: R,
  event: APIGatewayProxyEventV2,
  body: string,
): Input<R> => {
  const parsed = [
    route.params?.safeParse(event.pathParameters ?? {}),
    (route.query ?? noFields).safeParse(event.queryStringParameters ?? {}),
    route.body?.safeParse(parseJson(body)),
  ];
  const errors = parsed.flatMap((part) => (part?.error ? fieldErrors(part.error) : []));
  if (errors.length > 0) {
    throw new Problem(400, 'the request has errors, see "errors"', { errors: errors.slice(0, maxErrors) });
  }
  return Object.assign({}, ...parsed.map((part) => part?.data));
};
