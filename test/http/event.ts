import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

interface Request {
  params?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** What API Gateway makes of a request; bytes go as base64. */
export const eventOf = ({ params, query, headers = {}, body }: Request = {}): APIGatewayProxyEventV2 =>
  ({
    ...(params && { pathParameters: params }),
    ...(query && { queryStringParameters: query }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : body.toString('base64') }),
    isBase64Encoded: Buffer.isBuffer(body),
  }) as unknown as APIGatewayProxyEventV2;

export const bodyOf = (answer: APIGatewayProxyStructuredResultV2) => JSON.parse(answer.body as string);
