import { computeAccuracy } from '../../functions/computeAccuracy';
import { deletePredictions } from '../../functions/deletePredictions';
import { listPredictions } from '../../functions/listPredictions';
import { httpHandler } from '../../lib/http/handler';
import { route as deleteRoute } from '../../lib/http/routes/deletePredictions';
import { route as listRoute } from '../../lib/http/routes/listPredictions';
import { bodyOf, eventOf } from '../http/event';
import { modelsOf } from '../setup/models';
import { minutesAgo } from '../setup/time';
import { modelNamed, openWorld, type World } from '../setup/world';

let world: World;
let models: ReturnType<typeof modelsOf>;
beforeAll(async () => {
  world = await openWorld();
  models = modelsOf(world);
});
afterAll(() => world.close());

let n = 0;
let model_id: string;
beforeEach(() => {
  model_id = modelNamed(++n);
});

const call = async (handler: ReturnType<typeof httpHandler>, query: Record<string, string>) => {
  const answer = await handler(eventOf({ params: { model_id }, query }));
  return { status: answer.statusCode, body: bodyOf(answer) };
};
const list = (query: Record<string, string> = {}) =>
  call(
    httpHandler(listRoute, async () => listPredictions(world)),
    query,
  );
const remove = (query: Record<string, string>) =>
  call(
    httpHandler(deleteRoute, async () => deletePredictions(world)),
    query,
  );

const addRow = async (ago: number) => {
  const [row] = await world.db.query<{ id: number }>(
    `INSERT INTO results (model_id, y_true, y_pred, "timestamp") VALUES ($1, '[1,0]', '[1,1]', $2) RETURNING id`,
    [model_id, minutesAgo(ago)],
  );
  return String(row?.id);
};

const predict = (ids: string[], ago: number) =>
  world.db.query(
    `INSERT INTO predictions (model_id, id, y_pred, y_true, segments, "timestamp")
      SELECT $1, id, '1', '1', '{"country": "DE"}', $3 FROM unnest($2::text[]) AS id`,
    [model_id, ids, minutesAgo(ago)],
  );

const every = async (query: Record<string, string>) => {
  const items: Record<string, unknown>[] = [];
  for (let before: string | null = ''; before !== null; ) {
    const page: { items: typeof items; next_before: string | null } = (
      await list({ ...query, limit: '2', ...(before && { before }) })
    ).body;
    items.push(...page.items);
    before = page.next_before;
  }
  return items;
};

test('sample rows come newest first, a page at a time, each once, also those of one moment', async () => {
  const ids = [await addRow(3), await addRow(2), await addRow(2), await addRow(2), await addRow(1)];
  expect((await every({})).map(({ results_id }) => String(results_id))).toEqual([...ids].reverse());
  expect((await list()).body.items[0]).toMatchObject({ timestamp: minutesAgo(1).toISOString() });
});

test('predictions come with their labels and segments', async () => {
  await predict(['a', 'b', 'c'], 2);
  await predict(['d'], 1);
  const found = await every({ of: 'predictions' });
  expect(found.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  expect(found[0]).toEqual({
    id: 'd',
    timestamp: minutesAgo(1).toISOString(),
    y_pred: 1,
    y_score: null,
    y_true: 1,
    label_timestamp: null,
    segments: { country: 'DE' },
  });
});

test('a deleted sample row is gone for runs to come, and a result of it says so', async () => {
  await models.post(n, {});
  await addRow(5);
  const bad = await addRow(3);
  await models.run(n, minutesAgo(2));
  expect(await models.result(n)).toMatchObject({ results_id: Number(bad), data_deleted: false });
  expect(await remove({ of: 'rows', id: bad })).toEqual({ status: 200, body: { deleted: 1 } });
  expect(await remove({ of: 'rows', id: bad })).toEqual({ status: 200, body: { deleted: 0 } });
  expect(await models.result(n)).toMatchObject({ results_id: Number(bad), data_deleted: true });
  await models.run(n, minutesAgo(1));
  expect((await models.history(n)).map(({ data_deleted }) => data_deleted)).toEqual([false, true]);
});

test('deleted predictions are noted beside each run whose window had them, until it is computed again', async () => {
  await models.post(n, { data: { window: 'PT10M', delay: 'PT0S' } });
  await predict(['a', 'b'], 5);
  await predict(['c'], 25);
  await models.run(n, minutesAgo(20));
  await models.run(n, minutesAgo(0));
  expect(await remove({ of: 'predictions', id: 'a' })).toMatchObject({ body: { deleted: 1 } });
  const noted = async () => (await models.history(n)).map(({ data_deleted }) => data_deleted);
  expect(await noted()).toEqual([true, false]);
  const from = minutesAgo(30).toISOString();
  const to = minutesAgo(10).toISOString();
  expect(await remove({ of: 'predictions', from, to })).toMatchObject({ body: { deleted: 1 } });
  expect(await noted()).toEqual([true, true]);
  const again = { model_id, scheduled_time: minutesAgo(0), trigger: 'schedule', revise: true } as const;
  await computeAccuracy(world)(again);
  expect(await noted()).toEqual([false, true]);
});

test.each([
  [list, { before: 'x' }, 'before', 'must be the next_before of the page before'],
  [list, { of: 'labels' }, 'of', ''],
  [remove, {}, 'of', ''],
  [remove, { of: 'rows' }, 'id', 'or from and to are required'],
  [remove, { of: 'rows', from: '2026-03-01T12:00:00Z' }, 'id', 'or from and to are required'],
])('%p with %j is refused', async (ask, query, path, message) => {
  const { status, body } = await ask(query);
  expect([status, body.errors]).toMatchObject([400, [{ path, message: expect.stringContaining(message) }]]);
});

test.each([
  ['rows', ['2026-02-31 00:00:00+00', '1']],
  ['rows', ['294277-01-01 00:00:00+00', '1']],
  ['rows', ['0000-01-01 00:00:00+00', '1']],
  ['rows', ['2026-03-01 25:00:00+00', '1']],
  ['rows', ['2026-03-01 00:00:00+16', '1']],
  ['rows', ['2026-03-01 00:00:00.1234567+00', '1']],
  ['rows', ['2026-03-01 00:00:00+00', 'abc']],
  ['rows', ['2026-03-01 00:00:00+00', '99999999999999999999']],
  ['predictions', ['2026-03-01 00:00:00+00', '\0']],
  ['predictions', ['2026-03-01 00:00:00+00', '']],
])('of %s, no page follows a place that was never answered: %j', async (of, place) => {
  const before = Buffer.from(JSON.stringify(place)).toString('base64url');
  expect(await list({ of, before })).toMatchObject({ status: 400, body: { errors: [{ path: 'before' }] } });
});

test('a place to the microsecond, and with an offset of half an hour, is one', async () => {
  const before = Buffer.from('["2026-03-01 00:00:00.123456+05:30","7"]').toString('base64url');
  expect((await list({ before })).status).toBe(200);
});
