import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { gatewayHandler } from '../../localstack/gateway/handler';
import { startServer } from '../../localstack/gateway/server';
import { readSettings, type Settings } from '../../localstack/gateway/settings';
import { close } from '../../localstack/lambda/listen';

const hash = (token: string) => createHash('sha256').update(token).digest();
const writer = { name: 'writer', scope: 'write' as const, hash: hash('writer') };
const reader = { name: 'reader', scope: 'read' as const, hash: hash('reader') };
const json = { 'content-type': 'application/json' };

let folder: string;
let upstream: Server;
const gateways: Server[] = [];

/** What has come through, as serverless-offline would see it. */
let passed: {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  raw: string[];
  body: Buffer;
}[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-test-'));
  upstream = createServer(async (request, response) => {
    const { method = '', url = '', headers, rawHeaders: raw } = request;
    passed.push({ method, url, headers, raw, body: await buffer(request) });
    if (url.startsWith('/large')) response.end('x'.repeat(5_000_000));
    else if (!url.startsWith('/never')) response.end('passed');
  }).listen(join(folder, 'http'));
  await once(upstream, 'listening');
});
beforeEach(() => {
  passed = [];
});
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await close(gateway);
});
afterAll(async () => {
  await close(upstream);
  rmSync(folder, { recursive: true });
});

const gatewayOf = async (settings: Partial<Settings> = {}, socketPath = join(folder, 'http')) => {
  const common = { host: '127.0.0.1', port: 0, corsOrigins: new Set<string>(), tokens: [], rateLimit: 0 };
  const all: Settings = { ...common, hosts: new Set(['ours:80']), ...settings };
  const server = await startServer('127.0.0.1', 0, gatewayHandler(all, socketPath));
  gateways.push(server);
  return (server.address() as AddressInfo).port;
};

interface Call {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

const call = (port: number, { method = 'GET', path = '/schedule', headers = {}, body = '' }: Call = {}) =>
  new Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>((resolve, reject) => {
    const sent = request({ port, method, path, headers: { host: 'ours:80', ...headers } });
    sent.once('error', reject);
    sent.once('response', async (response) =>
      resolve({
        status: response.statusCode as number,
        headers: response.headers,
        body: await text(response),
      }),
    );
    sent.end(body);
  });

/** Sends bytes as they are, and resolves to what came until the other side closed or `enough` is in it. */
const raw = async (port: number, bytes: string, enough: string) => {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('error', () => {});
  socket.write(bytes);
  for await (const chunk of socket) {
    received += chunk;
    if (received.includes(enough)) break;
  }
  socket.destroy();
  return received;
};

describe('Host', () => {
  test.each([
    ['127.0.0.1:5000', true],
    ['LOCALHOST:5000', true],
    ['[::1]:5000', true],
    ['metrics.lan:5000', true],
    ['metrics.lan', true],
    ['other.lan:8443', true],
    ['127.0.0.1', false],
    ['localhost:5001', false],
    ['evil.example:5000', false],
    ['127.0.0.1:5000.evil.example', false],
    ['other.lan', false],
    ['', false],
  ])('%s is ours: %s', async (host, ours) => {
    const { hosts } = readSettings({ ALLOWED_HOSTS: 'Metrics.lan, other.lan:8443' });
    const answer = await call(await gatewayOf({ hosts }), { headers: { host } });
    expect(answer.status).toBe(ours ? 200 : 421);
    expect(passed).toHaveLength(ours ? 1 : 0);
  });

  test('HOST=0.0.0.0 stands for the addresses of this machine, and for no name', () => {
    const { hosts } = readSettings({ HOST: '0.0.0.0' });
    expect(Array.from(hosts).filter((host) => !/^(localhost|[\d.]+|\[[\da-f:]+\]):5000$/.test(host))).toEqual(
      [],
    );
  });
});

describe('pages of other origins', () => {
  const from = (headers: Record<string, string>) => ({ headers });

  test.each([
    ['a script of the page itself', from({ origin: 'http://ours:80', 'sec-fetch-site': 'same-origin' }), 200],
    ['the page itself behind TLS', from({ origin: 'https://ours:80' }), 200],
    ['the address bar', from({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }), 200],
    [
      'a link',
      from({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }),
      200,
    ],
    ['another name', from({ origin: 'http://evil.example' }), 403],
    ['another port', from({ origin: 'http://ours:81', 'sec-fetch-site': 'same-site' }), 403],
    ['a file', from({ origin: 'null' }), 403],
    [
      'an image or a script element',
      from({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }),
      403,
    ],
    ['the same, of another port', from({ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }), 403],
    [
      'a frame',
      from({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }),
      403,
    ],
    [
      'a form that is sent to a new page',
      { method: 'POST', ...from({ ...json, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }) },
      403,
    ],
  ])('%s: %j is %i', async (_, request, status) => {
    const answer = await call(await gatewayOf(), request);
    expect(answer.status).toBe(status);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(passed).toHaveLength(status === 200 ? 1 : 0);
  });

  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  });

  test('a listed one may ask, and read the answer', async () => {
    const port = await gatewayOf({ corsOrigins: new Set(['https://lab.example']) });
    const asked = await call(port, preflight('https://lab.example'));
    expect(asked).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://lab.example',
        'access-control-allow-methods': expect.stringContaining('POST'),
        'access-control-allow-headers': expect.stringContaining('content-type'),
        vary: 'origin',
      },
    });
    const headers = { ...json, origin: 'https://lab.example', 'sec-fetch-site': 'cross-site' };
    expect(await call(port, { method: 'POST', headers, body: '{}' })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://lab.example' },
    });
    expect((await call(port, preflight('https://evil.example'))).status).toBe(403);
    expect((await call(port)).headers.vary).toBe('origin');
  });

  test('CORS_ORIGINS must be origins', () => {
    expect(readSettings({ CORS_ORIGINS: 'http://a.example, https://B.example:8443' }).corsOrigins).toEqual(
      new Set(['http://a.example', 'https://b.example:8443']),
    );
    for (const text of ['*', 'a.example', 'https://a.example/']) {
      expect(() => readSettings({ CORS_ORIGINS: text })).toThrow('CORS_ORIGINS');
    }
  });

  test.each([
    ['POST', {}, 415],
    ['POST', { 'content-type': 'text/plain' }, 415],
    ['POST', { 'content-type': 'text/plain; application/json' }, 415],
    ['POST', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['POST', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['POST', json, 200],
    ['POST', { 'content-type': 'text/csv' }, 200],
    ['DELETE', {}, 200],
  ])('%s with %j, which a page may send without asking or not, is %i', async (method, headers, status) => {
    const answer = await call(await gatewayOf(), { method, headers: headers as Record<string, string> });
    expect(answer.status).toBe(status);
  });
});

describe('before a body is read', () => {
  const expecting = (headers: Record<string, string | number>) =>
    `POST /schedule HTTP/1.1\r\nhost: ours:80\r\nexpect: 100-continue\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`;

  test.each([
    [{ ...json, 'content-length': 10 }, 'HTTP/1.1 401'],
    [{ ...json, 'content-length': 10, authorization: 'Bearer reader' }, 'HTTP/1.1 403'],
    [{ 'content-type': 'text/plain', 'content-length': 10, authorization: 'Bearer writer' }, 'HTTP/1.1 415'],
    [{ ...json, 'content-length': 6_300_000, authorization: 'Bearer writer' }, 'HTTP/1.1 413'],
    [{ ...json, 'content-length': 10, authorization: 'Bearer writer' }, 'HTTP/1.1 100'],
  ])('%j is answered %s', async (headers, status) => {
    const port = await gatewayOf({ tokens: [writer, reader] });
    expect(await raw(port, expecting(headers), '\r\n\r\n')).toMatch(new RegExp(`^${status} `));
    expect(passed).toEqual([]);
  });

  test('what is public stays so', async () => {
    expect((await call(await gatewayOf({ tokens: [writer] }), { path: '/health' })).status).toBe(200);
  });
});

describe('length', () => {
  const post = async (body: string | Buffer, headers = {}) =>
    call(await gatewayOf(), { method: 'POST', headers: { ...json, ...headers }, body });
  const tooLong = { status: 413, body: '{"message":"Request Too Long"}' };

  test('6 MB pass, byte by byte', async () => {
    const body = Buffer.alloc(6_280_000, 0xe9);
    expect((await post(body, { 'content-length': String(body.length) })).status).toBe(200);
    expect(passed[0]?.body.equals(body)).toBe(true);
  });

  test("more is refused in API Gateway's words, whether it says so first or not", async () => {
    const body = 'x'.repeat(6_300_000);
    expect(await post(body, { 'content-length': String(body.length) })).toMatchObject(tooLong);
    expect(await post(body, { 'transfer-encoding': 'chunked' })).toMatchObject(tooLong);
    expect(passed).toEqual([]);
  });

  test('a quote is two bytes of an event', async () => {
    expect(await post('"a"'.repeat(1_300_000))).toMatchObject(tooLong);
    expect((await post('"a"'.repeat(1_200_000))).status).toBe(200);
  });
});

describe('as API Gateway', () => {
  test('HEAD is no GET', async () => {
    expect(await call(await gatewayOf(), { method: 'HEAD' })).toMatchObject({
      status: 405,
      headers: { allow: 'POST, GET', 'content-type': 'application/problem+json' },
    });
    expect(passed).toEqual([]);
  });

  test.each([
    ['/%73chedule?a=%20', '/schedule?a=%20'],
    ['/schedule/%20', '/schedule/%20'],
    ['/schedule/%e9', '/schedule/%e9'],
  ])('%s is asked for as %s', async (path, asked) => {
    await call(await gatewayOf(), { path });
    expect(passed).toMatchObject([{ url: asked }]);
  });

  test('a path is told as it is decoded', async () => {
    const { status, body } = await call(await gatewayOf(), { path: '/no%20way' });
    expect({ status, ...JSON.parse(body) }).toMatchObject({
      status: 404,
      detail: 'there is nothing at /no way',
    });
  });
});

describe('what passes', () => {
  test('loses what is meant for browsers and for serverless-offline, and keeps the rest', async () => {
    const own = { authorization: 'Bearer x', 'if-none-match': '"a"', cookie: 'a=b' };
    const lost = {
      origin: 'http://ours:80',
      'sec-fetch-mode': 'cors',
      'sls-offline-authorizer-override': '{}',
    };
    await call(await gatewayOf(), { method: 'PATCH', headers: { ...json, ...own, ...lost }, body: '{}' });
    const [{ headers, raw, body, method } = {} as never] = passed;
    expect({ method, body: String(body) }).toEqual({ method: 'PATCH', body: '{}' });
    expect(headers).toMatchObject({ ...own, host: 'ours:80', 'content-length': '2' });
    for (const name of Object.keys(lost)) expect(headers).not.toHaveProperty(name);
    expect(raw[raw.lastIndexOf('content-type') + 1]).toBe('application/json');
  });

  test('is refused with 503 while serverless-offline is away', async () => {
    expect(await call(await gatewayOf({}, join(folder, 'nothing')))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    });
  });
});

describe('others are served beside', () => {
  test('forty who do not read their answers', async () => {
    const port = await gatewayOf();
    const sockets = Array.from({ length: 40 }, () => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      socket.pause().write('GET /large HTTP/1.1\r\nhost: ours:80\r\n\r\n');
      return socket;
    });
    while (passed.length < 40) await new Promise((done) => setTimeout(done, 10));
    expect((await call(port)).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  test('bodies without an end, the first of which has to go when there are too many', async () => {
    const port = await gatewayOf();
    const begin = (bytes: number) =>
      `POST /schedule HTTP/1.1\r\nhost: ours:80\r\ncontent-type: application/json\r\ncontent-length: 6200000\r\n\r\n${' '.repeat(bytes)}`;
    const first = raw(port, begin(6_000_000), '\r\n\r\n');
    const sockets = Array.from({ length: 6 }, () => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      socket.write(begin(6_000_000));
      return socket;
    });
    expect(await first).toMatch(/^HTTP\/1.1 503 /);
    const body = ' '.repeat(6_000_000);
    expect((await call(port, { method: 'POST', headers: json, body })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  test('one who sends more a second than it may, and is told when to come back', async () => {
    const port = await gatewayOf({ rateLimit: 2, tokens: [writer, reader] });
    const send = (token: string) => call(port, { headers: { authorization: `Bearer ${token}` } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('writer')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers } of refused) expect(headers['retry-after']).toBe('1');
    expect((await send('reader')).status).toBe(200);
  });
});
