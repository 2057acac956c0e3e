import { startService } from '../localstack/start/service';
import { deviations } from './contract';

const model = '550e8400-e29b-41d4-a716-446655440000';
const other = '00000000-0000-4000-8000-0000000000aa';

let service: Awaited<ReturnType<typeof startService>>;
let url: string;
let document: object;

beforeAll(async () => {
  service = await startService();
  url = service.url;
  document = (await (await fetch(`${url}/openapi.json`)).json()) as object;
});
afterAll(() => service.stop());

interface Call {
  token?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

const send = (method: string, path: string, { token = 'writer', body, headers = {} }: Call = {}) =>
  fetch(`${url}${path}`, {
    method: method.toUpperCase(),
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && {
      body: typeof body === 'string' || Buffer.isBuffer(body) ? (body as string) : JSON.stringify(body),
    }),
  });

test.each([
  [
    'a sample row of 300,000 labels',
    'application/json',
    JSON.stringify({ y_true: Array(300_000).fill(1), y_pred: Array(300_000).fill(1) }),
    201,
  ],
  [
    '60,000 predictions',
    'text/csv',
    `id,y_pred\n${Array.from({ length: 60_000 }, (_, i) => `x${i},1\n`).join('')}`,
    200,
  ],
  ['a megabyte of no JSON', 'application/json', `[${'1,'.repeat(500_000)}]`, 400],
])('%s is answered as a short body is', async (_, type, body, status) => {
  const answer = await send('post', `/predictions/${other}`, { body, headers: { 'content-type': type } });
  expect(answer.status).toBe(status);
});

const post = { model_id: model, cron_expression: '*/5 * * * *' };
const json = { 'content-type': 'application/json' };
const row = { y_true: [1, 0], y_pred: [1, 1] };

const tryPath = '/alerts/{model_id}/{rule}/try';

test.each<[string, string, string, number, Call?]>([
  ['get', '/health', '/health', 200, { token: null }],
  ['get', '/openapi.json', '/openapi.json', 200, { token: null }],
  ['get', '/openapi.json', '/openapi.json?x=1', 400, { token: null }],
  ['post', '/schedule', '/schedule', 201, { body: post }],
  ['post', '/schedule', '/schedule', 200, { body: post }],
  ['post', '/schedule', '/schedule', 200, { body: { ...post, model_id: model.toUpperCase() } }],
  ['post', '/schedule', '/schedule', 400, { body: { ...post, cron_expression: '61 * * * *' } }],
  ['post', '/schedule', '/schedule', 400, { body: '{' }],
  ['post', '/schedule', '/schedule', 400, { body: 'false' }],
  ['post', '/schedule', '/schedule', 400, { body: Buffer.from('{"model_id":"\xe9"}', 'latin1') }],
  ['post', '/schedule', '/schedule', 415, { body: 'a=1', headers: { 'content-type': 'text/plain' } }],
  ['post', '/schedule', '/schedule', 415, {}],
  ['post', '/schedule', '/schedule', 401, { body: post, token: null }],
  ['post', '/schedule', '/schedule', 401, { body: post, token: 'wrong' }],
  ['post', '/schedule', '/schedule', 403, { body: post, token: 'reader' }],
  ['get', '/schedule', '/schedule', 200, { token: 'reader' }],
  ['get', '/schedule', '/schedule?limit=0', 400],
  ['get', '/schedule', '/schedule', 401, { token: null }],
  ['get', '/schedule/{model_id}', `/schedule/${model}`, 200],
  ['get', '/schedule/{model_id}', `/schedule/${model.replaceAll('-', '')}`, 200],
  ['get', '/schedule/{model_id}', `/schedule/urn:uuid:${model}`, 200],
  ['get', '/schedule/{model_id}', `/schedule/urn%3Auuid%3A${model}`, 200],
  ['get', '/schedule/{model_id}', `/schedule/${other}`, 404],
  ['get', '/schedule/{model_id}', '/schedule/x', 400],
  ['patch', '/schedule/{model_id}', `/schedule/${model}`, 200, { body: { enabled: false } }],
  ['patch', '/schedule/{model_id}', `/schedule/${model}`, 403, { body: {}, token: 'reader' }],
  ['patch', '/schedule/{model_id}', `/schedule/${other}`, 404, { body: { enabled: false } }],
  ['patch', '/schedule/{model_id}', `/schedule/${model}`, 400, { body: { enabled: 'no' } }],
  ['get', '/schedule/preview', '/schedule/preview?cron_expression=0%209%20*%20*%20MON', 200],
  ['get', '/schedule/preview', '/schedule/preview?cron_expression=x', 400],
  ['get', '/results/{model_id}', `/results/${model}`, 200],
  ['post', '/schedule/{model_id}/run', `/schedule/${model}/run`, 200, { headers: json }],
  ['post', '/schedule/{model_id}/run', `/schedule/${other}/run`, 404, { headers: json }],
  ['post', '/schedule/{model_id}/run', `/schedule/${model}/run`, 415],
  ['get', '/results/{model_id}', `/results/${model}`, 200, { token: 'reader' }],
  ['get', '/results/{model_id}', `/results/${other}`, 404],
  ['get', '/results/{model_id}/history', `/results/${model}/history?limit=1`, 200],
  ['get', '/results/{model_id}/history', `/results/${other}/history`, 404],
  ['get', '/results/{model_id}/history', `/results/${model}/history?before=x`, 400],
  ['post', '/predictions/{model_id}', `/predictions/${model}`, 201, { body: row }],
  [
    'post',
    tryPath,
    `/alerts/${model}/low/try`,
    200,
    { body: { metric: 'accuracy', below: 0.8 }, token: 'reader' },
  ],
  ['post', '/predictions/{model_id}', `/predictions/${model}`, 400, { body: { ...row, y_pred: 1 } }],
  ['delete', '/schedule/{model_id}', `/schedule/${model}`, 403, { token: 'reader' }],
  ['delete', '/schedule/{model_id}', `/schedule/${model}`, 204],
  ['delete', '/schedule/{model_id}', `/schedule/${model}`, 404],
  ['get', '/results/{model_id}', `/results/${model}`, 200],
])('%s %s as the document says: %s is %i', async (method, template, path, status, call = {}) => {
  const answer = await send(method, path, call);
  expect(answer.status).toBe(status);
  expect(await deviations(document, method, template, answer)).toEqual([]);
});

test("a body of more than Lambda takes is 413, in API Gateway's words", async () => {
  const answer = await send('post', '/schedule', { body: 'x'.repeat(6 * 1024 * 1024 + 1) });
  expect(answer.status).toBe(413);
  expect(await deviations(document, 'post', '/schedule', answer)).toEqual([]);
});

test('If-None-Match is heeded over HTTP too, as described', async () => {
  const first = await send('get', '/schedule');
  const headers = { 'if-none-match': first.headers.get('etag') as string };
  const again = await send('get', '/schedule', { headers });
  expect(again.status).toBe(304);
  expect(await deviations(document, 'get', '/schedule', again)).toEqual([]);
});

test.each([
  ['GET', '/nothing', 404, null],
  ['POST', '/', 405, 'GET'],
  ['HEAD', '/', 405, 'GET'],
  ['HEAD', '/dashboard/1/page.css', 405, 'GET'],
  ['HEAD', '/health', 405, 'GET'],
  ['HEAD', '/nothing', 404, null],
  ['HEAD', '/schedule', 405, 'POST, GET'],
  ['GET', '/schedule/a/b/c', 404, null],
  ['PUT', '/schedule', 405, 'POST, GET'],
  ['DELETE', '/schedule/preview', 405, 'GET'],
  ['POST', `/schedule/${model}`, 405, 'GET, PATCH, DELETE'],
  ['OPTIONS', '/health', 405, 'GET'],
])('%s %s is %i, as a problem document', async (method, path, status, allow) => {
  const answer = await send(method, path, { headers: { ...json, cookie: 'not a=cookie;;"' } });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('allow')).toBe(allow);
  if (method !== 'HEAD') expect(await answer.json()).toMatchObject({ type: 'about:blank', status });
});

test('labels are in PostgreSQL as they were sent', async () => {
  const body = '{"y_true": [1.0, 9007199254740993, "\\u0000\\ud800"], "y_pred": [1,1e0 ,"é"]}';
  const { results_id } = (await (await send('post', `/predictions/${other}`, { body })).json()) as {
    results_id: number;
  };
  const sql = 'SELECT y_true::text, y_pred::text FROM results WHERE id = $1';
  const { rows } = await service.db.query(sql, [results_id]);
  expect(rows).toEqual([{ y_true: '[1.0, 9007199254740993, "\\u0000\\ud800"]', y_pred: '[1,1e0 ,"é"]' }]);
});

test("a header cannot overrule the tokens, as serverless-offline's own authorizers would let it", async () => {
  const headers = {
    'sls-offline-authorizer-override': JSON.stringify({ lambda: {}, jwt: { claims: { scope: 'write' } } }),
  };
  expect((await send('get', '/schedule', { token: null, headers })).status).toBe(401);
});

test('fifty POSTs for one model at once all succeed, and the last word is one of theirs', async () => {
  const minutes = Array.from({ length: 50 }, (_, n) => n);
  const answers = await Promise.all(
    minutes.map((n) =>
      send('post', '/schedule', { body: { model_id: other, cron_expression: `${n} * * * *` } }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(49).fill(200), 201]);
  const { cron_expression, schedule_expression } = (await (
    await send('get', `/schedule/${other}`)
  ).json()) as Record<string, string>;
  expect(schedule_expression).toBe(`cron(${cron_expression?.split(' ')[0]} * * * ? *)`);
});
