import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

const { handler } = require(join(process.cwd(), '.build/functions/dashboard.js')) as {
  handler: (event: object) => Promise<APIGatewayProxyStructuredResultV2>;
};

const get = (path: string, headers: Record<string, string> = {}) => {
  const [, version, file] = /^\/dashboard\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  return handler({
    headers,
    requestContext: { http: { method: 'GET', path } },
    ...(file && { pathParameters: { version, file } }),
  });
};

/** What the page names, and what the modules import of each other. */
const filesOf = async () => {
  const { body } = await get('/');
  return [...String(body).matchAll(/(?:src|href)="(dashboard\/[^"]+)"/g)].map(([, path]) => `/${path}`);
};

const zipped = { 'accept-encoding': 'gzip, deflate, br' };

test('the page and all it loads are less than 120 kB, compressed', async () => {
  const sizes: Record<string, number> = {};
  for (const path of new Set(['/', ...(await filesOf())])) {
    const { headers, body, isBase64Encoded } = await get(path, zipped);
    expect([path, headers?.['content-encoding'], isBase64Encoded]).toEqual([path, 'gzip', true]);
    sizes[path] = Buffer.from(String(body), 'base64').length;
  }
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(30_000);
  expect(total).toBeLessThan(120_000);
});

test('every module that another imports is named by the page, so that all are fetched at once', async () => {
  const files = new Set((await filesOf()).map((path) => path.split('/').at(-1)));
  for (const path of await filesOf()) {
    const { body } = await get(path);
    for (const [, name] of String(body).matchAll(/from '\.\/([\w.]+)'/g)) expect(files).toContain(name);
  }
});

test('nothing is loaded from elsewhere, and no inline script or style is allowed or there', async () => {
  const { headers, body } = await get('/');
  const policy = String(headers?.['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(String(body)).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=|https?:/);
});

test('a file of this version is kept for ever, one of another is asked for again, the page always', async () => {
  const [path] = (await filesOf()) as [string];
  const cache = async (path: string) => (await get(path)).headers?.['cache-control'];
  expect(await cache(path)).toBe('public, max-age=31536000, immutable');
  expect(await cache(path.replace(/dashboard\/[^/]+/, 'dashboard/old'))).toBe('no-cache');
  expect(await cache('/')).toBe('no-cache');
});

test('If-None-Match is heeded', async () => {
  const { headers } = await get('/');
  const etag = String(headers?.etag);
  expect(await get('/', { 'if-none-match': `"x", W/${etag}` })).toMatchObject({ statusCode: 304 });
  expect((await get('/', { 'if-none-match': '"x"' })).statusCode).toBe(200);
});

test('compressed or not, it is the same file', async () => {
  const plain = await get('/');
  const packed = await get('/', zipped);
  expect(gunzipSync(Buffer.from(String(packed.body), 'base64')).toString()).toBe(plain.body);
});

test('a file that is not there is a problem document', async () => {
  const { statusCode, headers } = await get('/dashboard/x/constructor');
  expect([statusCode, headers?.['content-type']]).toEqual([404, 'application/problem+json']);
});
