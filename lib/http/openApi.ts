import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import * as z from 'zod';
import { Problem, type ProblemStatus, problemSchema } from './problem';
import type { Route } from './route';
import { type Table, type TableFormat, tableTypes, toText } from './table';

const problems: Record<ProblemStatus, { description: string; example: Problem }> = {
  400: {
    description: 'The request has errors',
    example: new Problem(400, 'the request has errors, see "errors"', {
      errors: [{ path: 'model_id', message: 'must be a UUID' }],
    }),
  },
  401: {
    description: 'No valid token',
    example: new Problem(401, 'send a valid token in a header: "authorization: Bearer <token>"'),
  },
  403: {
    description: 'The token does not allow this',
    example: new Problem(403, 'this token may only read'),
  },
  404: {
    description: 'Unknown model',
    example: new Problem(404, 'model 550e8400-e29b-41d4-a716-446655440000 has no schedule'),
  },
  405: {
    description: 'The path does not take this method',
    example: new Problem(405, '/schedule does not take PUT but GET, POST'),
  },
  409: {
    description: 'Something else is there already',
    example: new Problem(409, '1 prediction is there already and says something else; nothing was stored', {
      errors: [{ path: 'id 7f3a', message: 'differs in y_pred' }],
    }),
  },
  415: {
    description: 'The body is not sent as JSON',
    example: new Problem(415, 'send content-type: application/json'),
  },
  421: {
    description: 'The service has another name',
    example: new Problem(
      421,
      'this service is not called example.com: if it is, set ALLOWED_HOSTS=example.com',
    ),
  },
  429: {
    description: 'A quota is used up',
    example: new Problem(429, 'the quota of Scheduler is used up: ScheduleLimitExceeded'),
  },
  500: {
    description: 'A fault of this service',
    example: new Problem(500, 'the service failed; the reason is in its log'),
  },
  503: {
    description: 'A store or the Scheduler is away',
    example: new Problem(503, 'PostgreSQL is not available, try again soon'),
  },
};

const headers: Record<string, string> = {
  'cache-control': 'How long the response may be kept',
  etag: 'Names this response, for If-None-Match',
  'retry-after': 'Seconds after which to try again',
  'www-authenticate': 'How to authenticate, and what was wrong with the token (RFC 6750)',
};

const described = (names: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(names).map(([name, description]) => [
      name,
      { description, required: true, schema: { type: 'string' as const } },
    ]),
  );

const known = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, headers[name] as string]));

const examplesOf = (schema: z.ZodType, examples = schema.meta()?.examples ?? []) => {
  const [first, ...others] = examples as unknown[];
  if (first === undefined) return {};
  if (others.length === 0) return { example: first };
  return {
    examples: Object.fromEntries([first, ...others].map((value, at) => [`example${at + 1}`, { value }])),
  };
};

const problemOf = (status: ProblemStatus): RouteConfig['responses'][string] => ({
  description: problems[status].description,
  headers: described({
    ...known('cache-control'),
    ...(status === 401 || status === 403 ? known('www-authenticate') : {}),
    ...(status === 429 || status === 503 ? known('retry-after') : {}),
  }),
  content: {
    'application/problem+json': { schema: problemSchema, example: problems[status].example.toJSON() },
  },
});

/** API Gateway's own answer, as Lambda takes no longer event. */
const requestTooLong: RouteConfig['responses'][string] = {
  description: 'The request is longer than 6 MB, each quote in its body counted twice',
  content: {
    'application/json': {
      schema: z.object({ message: z.string() }),
      example: { message: 'Request Too Long' },
    },
  },
};

const problemStatuses = ({ scope, method, body, errors = [] }: Route): ProblemStatus[] => [
  400,
  ...(scope ? ([401, 403] as const) : []),
  ...(body || method === 'post' ? ([415] as const) : []),
  ...errors,
  500,
];

type Described = { schema: z.ZodType; type?: string; examples?: unknown[] };

const contentOf = ({ table }: Route, status: string, { schema, type, examples }: Described) => {
  const described = { schema, ...examplesOf(schema, examples) };
  if (type) return { [type]: described };
  const [example] = (examples ?? schema.meta()?.examples ?? []) as unknown[];
  const formats = table && status === '200' ? (Object.keys(tableTypes) as TableFormat[]) : [];
  const texts = formats.map((format) => [
    tableTypes[format],
    { schema: z.string(), example: toText(table as Table, format, example) },
  ]);
  return { 'application/json': described, ...Object.fromEntries(texts) };
};

const responsesOf = (route: Route): RouteConfig['responses'] => {
  const { cacheControl } = route;
  const responses: RouteConfig['responses'] = {};
  for (const [status, response] of Object.entries(route.responses)) {
    const { description, schema, headers = {} } = response;
    responses[status] = {
      description,
      headers: described({
        ...headers,
        ...(schema ? known('cache-control') : {}),
        ...(status === '200' && cacheControl ? known('etag') : {}),
        ...(status === '503' ? known('retry-after') : {}),
      }),
      ...(schema && { content: contentOf(route, status, response as Described) }),
    };
  }
  if (cacheControl) {
    responses[304] = {
      description: 'Still as the ETag in If-None-Match says',
      headers: described(known('cache-control', 'etag')),
    };
  }
  for (const status of problemStatuses(route)) responses[status] = problemOf(status);
  if (route.body || route.uploads) responses[413] = requestTooLong;
  return responses;
};

const bodyOf = ({ body, uploads }: Route): Pick<NonNullable<RouteConfig['request']>, 'body'> => {
  const content = {
    ...(body && { 'application/json': { schema: body, ...examplesOf(body) } }),
    ...Object.fromEntries(
      Object.entries(uploads ?? {}).map(([type, example]) => [
        type,
        { schema: z.string().meta({ format: 'binary' }), example },
      ]),
    ),
  };
  return Object.keys(content).length > 0 ? { body: { required: true, content } } : {};
};

const pathOf = (route: Route, security: RouteConfig['security']): RouteConfig => {
  const { name, method, path, summary, description, scope, params, query } = route;
  return {
    operationId: name,
    method,
    path,
    summary,
    ...(description && { description }),
    tags: [path.split('/')[1] as string],
    security: scope ? (security ?? []) : [],
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...bodyOf(route),
    },
    responses: responsesOf(route),
  };
};

/** The OpenAPI 3.1 document of an API with these routes. */
export const openApiDocument = (routes: readonly Route[]) => {
  const registry = new OpenAPIRegistry();
  const token = registry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token, or a JWT where the service is set up for an issuer. Without any configured, none is needed.',
  });
  for (const route of routes) registry.registerPath(pathOf(route, [{ [token.name]: [] }]));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Cyclic Metrics',
      version: '1.0.0',
      description: 'Recomputes the accuracy of machine learning models on a cron schedule.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
  });
};
