import { addPredictions } from '../../functions/addPredictions';
import { httpHandler } from '../../lib/http/handler';
import { route } from '../../lib/http/routes/addPredictions';
import { openDatabase } from '../../lib/postgres/database';
import { modelNamed, openWorld, type World } from '../setup/world';
import { bodyOf, eventOf } from './event';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const post = (n: number, body: string | Buffer, headers?: Record<string, string>) =>
  httpHandler(route, async () => addPredictions(world))(
    eventOf({ params: { model_id: modelNamed(n) }, body, ...(headers && { headers }) }),
  );

const rows = async (n: number) => {
  const sql =
    'SELECT id, y_true::text, y_pred::text, "timestamp" FROM results WHERE model_id = $1 ORDER BY id';
  return world.db.query<{ id: number; y_true: string; y_pred: string; timestamp: Date }>(sql, [
    modelNamed(n),
  ]);
};

test('a row is stored, and its id answered', async () => {
  const answer = await post(1, '{"y_true":[1,0],"y_pred":[1,1],"timestamp":"2026-03-01T12:00:00+01:00"}');
  expect(answer.statusCode).toBe(201);
  const [row] = await rows(1);
  expect(bodyOf(answer)).toEqual({ results_id: row?.id });
  expect(row).toMatchObject({ y_true: '[1,0]', timestamp: new Date('2026-03-01T11:00:00Z') });
});

test('without a timestamp the data came in now', async () => {
  const before = Date.now();
  await post(2, '{"y_true":[1],"y_pred":[1]}');
  const [row] = await rows(2);
  expect(row?.timestamp.getTime()).toBeGreaterThanOrEqual(before);
  expect(row?.timestamp.getTime()).toBeLessThanOrEqual(Date.now());
});

test.each([
  ['1.0 and 1 and 1e0 stay themselves', '[1.0,1,1e0,-0,0.10]'],
  ['2^53+1 stays itself', '[9007199254740993, 18446744073709551615]'],
  ['a number no float holds', '[1e400]'],
  ['spaces and line ends', '[ 1 ,\n\t2 ]'],
  ['escapes stay escapes', '["\\u00e9","\\/","a\\"]","{"]'],
  ['characters of every plane', '["é","👩‍🔬","\ufffd"]'],
  ['NUL and lone surrogates, as escapes', '["\\u0000","\\ud800"]'],
  ['rows of labels', '[[0,1],["a"],[]]'],
  ['labels that have not come yet', '[null, 1,null]'],
  ['nothing', '[]'],
])('%s', async (_, labels) => {
  const answer = await post(3, `\n{ "y_pred" : [0] , "y_true"\t:${labels}\r\n}`);
  expect(answer.statusCode).toBe(201);
  expect((await rows(3)).at(-1)).toMatchObject({ y_true: labels.trim(), y_pred: '[0]' });
});

test('scores are stored as they are spelt, and may be left out', async () => {
  await post(14, '{"y_true":[1,0],"y_pred":[1,1],"y_score":[ 1e-1, [0.50,0.5] ]}');
  await post(14, '{"y_true":[1,0],"y_pred":[1,1]}');
  const sql = 'SELECT y_score::text FROM results WHERE model_id = $1 ORDER BY id';
  expect(await world.db.query(sql, [modelNamed(14)])).toEqual([
    { y_score: '[ 1e-1, [0.50,0.5] ]' },
    { y_score: null },
  ]);
});

test('a name in escapes is that name, and of two members of one name the last counts', async () => {
  expect((await post(4, '{"y_true":[9],"y_pred":[1],"y\\u005ftrue":[2.0]}')).statusCode).toBe(201);
  expect(await rows(4)).toMatchObject([{ y_true: '[2.0]' }]);
});

test.each([
  ['{"y_true":[1]}', 'y_pred'],
  ['{"y_true":[1],"y_pred":"[1]"}', 'y_pred'],
  ['{"y_true":[1],"y_pred":{"0":1}}', 'y_pred'],
  ['{"y_true":[[1,null]],"y_pred":[[1,1]]}', 'y_true.0'],
  ['{"y_true":[1,1],"y_pred":[1,null]}', 'y_pred.1'],
  ['{"y_true":[1],"y_pred":[1],"y_score":0.5}', 'y_score'],
  ['{"y_true":[1],"y_pred":[1],"y_score":["0.5"]}', 'y_score.0'],
  ['{"y_true":[1],"y_pred":[1],"y_score":[[0.5,null]]}', 'y_score.0'],
  ['{"y_true":[{}],"y_pred":[1]}', 'y_true.0'],
  ['{"y_true":[[[1]]],"y_pred":[1]}', 'y_true.0'],
  ['{"y_true":[1],"y_pred":[1],"timestamp":"yesterday"}', 'timestamp'],
  ['{"y_true":[1],"y_pred":[1],"timestamp":"2026-02-30T00:00:00Z"}', 'timestamp'],
  ['{"y_true":[1],"y_pred":[1],"timestamp":"9999-12-31T23:59:59-01:00"}', 'timestamp'],
  ['{"y_true":[1],"y_pred":[1],"timestamp":"9998-12-31T23:59:59Z"}', 'timestamp'],
  ['{"y_true":[1],"y_pred":[1],"weights":[1]}', 'weights'],
  ['{"y_true":[1],"y_pred":[1],"__proto__":[1]}', '__proto__'],
])('%s is 400 and names %s', async (body, path) => {
  const answer = await post(5, body);
  expect(answer.statusCode).toBe(400);
  expect(bodyOf(answer).errors[0].path).toBe(path);
  expect(await rows(5)).toEqual([]);
});

test('data may come in five minutes ahead of this clock, not more', async () => {
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const sent = (timestamp: string) => post(13, JSON.stringify({ y_true: [1], y_pred: [1], timestamp }));
  expect((await sent(at(4))).statusCode).toBe(201);
  const refused = await sent(at(6));
  expect(refused.statusCode).toBe(400);
  expect(bodyOf(refused).errors).toEqual([
    { path: 'timestamp', message: expect.stringContaining('must not be in the future') },
  ]);
  expect(await rows(13)).toHaveLength(1);
});

test('a body of JSON that is no object, of no JSON or of nothing is 400', async () => {
  for (const body of ['[]', 'null', 'false', '"y"', '{"y_true":[1],}', '', '{"y_true":[01]}']) {
    expect((await post(6, body)).statusCode).toBe(400);
  }
});

test('a million wrong items, or fields, are told shortly', async () => {
  const nulls = `[${'null,'.repeat(999_999)}null]`;
  const items = await post(7, `{"y_true":[1],"y_pred":${nulls}}`);
  expect(bodyOf(items).errors).toHaveLength(1);
  const names = Array.from({ length: 100_000 }, (_, n) => `"f${n}":1`).join(',');
  const fields = await post(7, `{${names}}`);
  expect(fields.statusCode).toBe(400);
  expect((fields.body as string).length).toBeLessThan(5000);
});

test('lists nested a hundred thousand deep are 400', async () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect((await post(8, `{"y_true":${deep},"y_pred":[1]}`)).statusCode).toBe(400);
});

test('a body in base64 is the same body; one that is no UTF-8 is 400, also when the gateway has decoded it', async () => {
  const body = '{"y_true":["é"],"y_pred":["é"]}';
  expect((await post(9, Buffer.from(body))).statusCode).toBe(201);
  expect(await rows(9)).toMatchObject([{ y_true: '["é"]' }]);
  const latin1 = Buffer.from(body, 'latin1');
  expect((await post(9, latin1)).statusCode).toBe(400);
  const decoded = await post(9, latin1.toString(), { 'content-length': String(latin1.length) });
  expect(decoded.statusCode).toBe(400);
});

test('a connection that died unnoticed costs no row and makes none twice', async () => {
  const db = openDatabase(world.databaseUrl, 1);
  const add = () =>
    addPredictions({ db })(
      { model_id: modelNamed(11), y_true: [], y_pred: [], timestamp: undefined },
      '{"y_true":[1],"y_pred":[1]}',
    );
  await add();
  await world.db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await add();
  expect(await rows(11)).toHaveLength(2);
  await db.end();
});

test('a PostgreSQL that is away is 503 with Retry-After', async () => {
  const db = openDatabase('postgres://nobody@127.0.0.1:1/none', 1);
  const answer = await httpHandler(route, async () => addPredictions({ db }))(
    eventOf({ params: { model_id: modelNamed(12) }, body: '{"y_true":[1],"y_pred":[1]}' }),
  );
  expect(answer.statusCode).toBe(503);
  expect(answer.headers).toMatchObject({ 'retry-after': '5' });
  expect(bodyOf(answer).detail).toContain('PostgreSQL');
});
