import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { log } from '../runtime/log';
import { etagOf, ifNoneMatch } from './etag';
import { problemOf } from './problem';
import type { Route } from './route';
import { formatAsked, tableTypes, toText } from './table';

interface Output {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

interface Content {
  type: string;
  text: string;
  headers?: Record<string, string>;
}

/** Where the next page of a table is, for callers who do not see the JSON that says so. */
const linkToNext = (next: Record<string, string> | undefined): Record<string, string> =>
  next ? { link: `<?${new URLSearchParams(next)}>; rel="next"` } : {};

/** The text of a response, in the format that the caller asks for. */
const contentOf = (route: Route, event: APIGatewayProxyEventV2, { status, body }: Output): Content => {
  const { table } = route;
  const type = route.responses[status as 200]?.type;
  if (type) return { type, text: body as string };
  const query = event.queryStringParameters ?? {};
  const format = table && status === 200 ? formatAsked(query.format, event.headers.accept) : undefined;
  const vary: Record<string, string> = table ? { vary: 'accept, accept-encoding' } : {};
  if (!table || !format) return { type: 'application/json', text: JSON.stringify(body), headers: vary };
  const headers = { ...vary, ...linkToNext(table.next?.(body as never, query)) };
  return { type: `${tableTypes[format]}; charset=utf-8`, text: toText(table, format, body), headers };
};

const takesGzip = (header: string | undefined) =>
  header?.split(',').some((item) => /^gzip(;q=(?!0(\.0*)?$).*)?$/.test(item.replace(/\s/g, ''))) ?? false;

/** Lambda answers with at most 6 MB, and nothing behind it compresses. */
const packed = ({ type, text }: Content, event: APIGatewayProxyEventV2) =>
  type !== 'application/json' && text.length > 1000 && takesGzip(event.headers['accept-encoding'])
    ? {
        encoding: { 'content-encoding': 'gzip' },
        body: gzipSync(text).toString('base64'),
        isBase64Encoded: true,
      }
    : { encoding: {}, body: text, isBase64Encoded: false };

/** What a use case answered: with an ETag, or 304, where the route says how long it may be kept. */
export const responseOf = (
  route: Route,
  event: APIGatewayProxyEventV2,
  output: Output,
): APIGatewayProxyStructuredResultV2 => {
  const { status, headers } = output;
  if (output.body === undefined) return { statusCode: status, ...(headers && { headers }) };
  const { cacheControl } = route;
  const content = contentOf(route, event, output);
  const etag = status === 200 && cacheControl ? etagOf(content.text) : undefined;
  const caching = { 'cache-control': cacheControl ?? 'no-store', ...(etag && { etag }) };
  if (etag && ifNoneMatch(event.headers['if-none-match'], etag))
    return { statusCode: 304, headers: { ...content.headers, ...caching } };
  const { encoding, body, isBase64Encoded } = packed(content, event);
  return {
    statusCode: status,
    headers: {
      'content-type': content.type,
      ...content.headers,
      ...caching,
      ...encoding,
      ...(status === 503 && { 'retry-after': '5' }),
      ...headers,
    },
    body,
    ...(isBase64Encoded && { isBase64Encoded }),
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
