import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** As API Gateway sends it, payload 2.0: the example of its developer guide, filled in. */
export const httpEvent = (method: string, path: string, template: string, token: string, body?: unknown) => {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const values = new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`).exec(rawPath)?.slice(1) ?? [];
  const text = body === undefined ? undefined : JSON.stringify(body);
  const event: APIGatewayProxyEventV2 = {
    version: '2.0',
    routeKey: `${method} ${template}`,
    rawPath,
    rawQueryString,
    headers: {
      accept: '*/*',
      authorization: `Bearer ${token}`,
      'content-length': String(Buffer.byteLength(text ?? '')),
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
      host: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
      'user-agent': 'curl/8.14.1',
      'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    ...(rawQueryString && { queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)) }),
    ...(names.length > 0 && {
      pathParameters: Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''])),
    }),
    requestContext: {
      accountId: '111122223333',
      apiId: 'a1b2c3d4e5',
      domainName: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
      domainPrefix: 'a1b2c3d4e5',
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '203.0.113.7',
        userAgent: 'curl/8.14.1',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: `${method} ${template}`,
      stage: '$default',
      time: '01/Mar/2026:12:00:00 +0000',
      timeEpoch: 1772366400000,
    },
    ...(text !== undefined && { body: text }),
    isBase64Encoded: false,
  };
  return event;
};

/** What EventBridge sends for `schedule: rate(...)`. */
export const ruleEvent = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '111122223333',
  time: '2026-03-01T12:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:events:eu-west-1:111122223333:rule/reconcile'],
  detail: {},
};
