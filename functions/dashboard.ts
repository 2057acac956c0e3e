import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Asset, assets, pageAsset, version } from '../lib/dashboard/assets';
import { ifNoneMatch } from '../lib/http/etag';
import { Problem } from '../lib/http/problem';
import { problemResponse } from '../lib/http/response';

/** The page loads nothing from elsewhere, and text that is shown can never become code. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const security = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const zipped = new WeakMap<Asset, string>();

/** API Gateway compresses nothing; each file is compressed once. */
const zip = (asset: Asset): string => {
  const known = zipped.get(asset) ?? gzipSync(asset.text, { level: 9 }).toString('base64');
  zipped.set(asset, known);
  return known;
};

const takesGzip = (header: string | undefined) =>
  header?.split(',').some((item) => item.split(';')[0]?.trim() === 'gzip') ?? false;

const serve = (
  asset: Asset,
  cacheControl: string,
  { headers }: APIGatewayProxyEventV2,
): APIGatewayProxyStructuredResultV2 => {
  const common = {
    ...security,
    'cache-control': cacheControl,
    etag: asset.etag,
    vary: 'accept-encoding',
  };
  if (ifNoneMatch(headers['if-none-match'], asset.etag)) return { statusCode: 304, headers: common };
  const typed = { ...common, 'content-type': asset.type };
  return takesGzip(headers['accept-encoding'])
    ? {
        statusCode: 200,
        headers: { ...typed, 'content-encoding': 'gzip' },
        body: zip(asset),
        isBase64Encoded: true,
      }
    : { statusCode: 200, headers: typed, body: asset.text };
};

/** The page, and the files it loads, which a page of an older version may still ask for. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  const { file, version: asked } = event.pathParameters ?? {};
  if (file === undefined) return serve(pageAsset, 'no-cache', event);
  const asset = assets.get(file);
  if (!asset)
    return problemResponse(new Problem(404, `there is nothing at ${event.requestContext.http.path}`));
  return serve(asset, asked === version ? 'public, max-age=31536000, immutable' : 'no-cache', event);
};
