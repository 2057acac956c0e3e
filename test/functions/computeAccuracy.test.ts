import { computeAccuracy } from '../../functions/computeAccuracy';
import type { Run } from '../../lib/runs/run';
import { openStores, type Stores } from '../setup/stores';
import { timePasses } from '../setup/time';
import { modelNamed } from '../setup/world';

let stores: Stores;
let run: ReturnType<typeof computeAccuracy>;

beforeAll(async () => {
  stores = await openStores();
  run = computeAccuracy(stores);
});
afterAll(() => stores.close());

const minute = (text: string) => new Date(`2026-03-01T${text}:00Z`);

let count = 0;

/** A model of a test's own, scheduled every five minutes since long ago. */
const model = async (settings: { enabled?: boolean; updatedAt?: Date; cron?: string } = {}) => {
  const id = modelNamed(++count);
  const { enabled = true, updatedAt = minute('00:00'), cron = '*/5 * * * *' } = settings;
  await stores.db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, enabled, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)`,
    [id, cron, enabled, updatedAt],
  );
  return id;
};

const sample = async (
  id: string,
  yTrue: string,
  yPred: string,
  timestamp: Date | string = minute('00:00'),
) => {
  const [row] = await stores.db.query<{ id: number }>(
    'INSERT INTO results (model_id, y_true, y_pred, "timestamp") VALUES ($1, $2, $3, $4) RETURNING id',
    [id, yTrue, yPred, timestamp],
  );
  return row?.id as number;
};

const due = (id: string, time: string) => ({
  model_id: id,
  scheduled_time: minute(time),
  trigger: 'schedule' as const,
});

const runsOf = (id: string) =>
  stores.db.query<Run>('SELECT * FROM runs WHERE model_id = $1 ORDER BY scheduled_time', [id]);

const cached = async (id: string) => JSON.parse((await stores.redis.get(`result:${id}`)) ?? 'null');

test('a run scores the newest sample row, records it and stores the result in Redis', async () => {
  const id = await model();
  await sample(id, '[1,1]', '[0,0]', minute('00:01'));
  const newest = await sample(id, '["a","b","c","d"]', '["a","b","c","x"]', minute('00:02'));
  const outcome = await run(due(id, '00:05'));
  expect(outcome).toMatchObject({
    model_id: id,
    status: 'ok',
    accuracy: 0.75,
    n_samples: 4,
    results_id: newest,
    data_timestamp: '2026-03-01T00:02:00.000Z',
    scheduled_time: '2026-03-01T00:05:00.000Z',
    error: null,
  });
  expect(await runsOf(id)).toMatchObject([{ status: 'ok', accuracy: 0.75, trigger: 'schedule' }]);
  expect(await cached(id)).toEqual(outcome);
});

test('of two sample rows of one time the one with the highest id is the newest', async () => {
  const id = await model();
  await sample(id, '[1]', '[0]');
  const highest = await sample(id, '[1]', '[1]');
  expect(await run(due(id, '00:05'))).toMatchObject({ accuracy: 1, results_id: highest });
});

test('a second delivery of the same due time changes nothing and is told the first outcome', async () => {
  const id = await model();
  await sample(id, '[1,2]', '[1,3]');
  const first = await run(due(id, '00:05'));
  await sample(id, '[1,2]', '[1,2]', minute('00:06'));
  expect(await run(due(id, '00:05'))).toEqual(first);
  expect(await runsOf(id)).toHaveLength(1);
});

test('ten deliveries of one due time at once record one run and all tell the same', async () => {
  const id = await model();
  await sample(id, '[1,2]', '[1,3]');
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => run(due(id, '00:05'))));
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  expect(await runsOf(id)).toHaveLength(1);
});

test('a late due time is recorded but does not move the newest result backwards', async () => {
  const id = await model();
  await sample(id, '[1,2]', '[1,3]');
  const newer = await run(due(id, '00:10'));
  await run(due(id, '00:05'));
  expect(await runsOf(id)).toHaveLength(2);
  expect(await cached(id)).toEqual(newer);
});

test('a delivery whose run is recorded but not yet in Redis puts it there', async () => {
  const id = await model();
  await sample(id, '[1,2]', '[1,3]');
  const first = await run(due(id, '00:05'));
  await stores.redis.del(`result:${id}`);
  await run(due(id, '00:05'));
  expect(await cached(id)).toEqual(first);
});

test('a due time after the schedule was paused is skipped: nothing is recorded', async () => {
  const id = await model({ enabled: false });
  await sample(id, '[1]', '[1]');
  expect(await run(due(id, '00:05'))).toEqual({ status: 'skipped', reason: 'paused' });
  expect(await runsOf(id)).toEqual([]);
  expect(await cached(id)).toBeNull();
});

test('a due time from before the schedule was paused, or changed, is run', async () => {
  const paused = await model({ enabled: false, updatedAt: minute('00:07') });
  const changed = await model({ cron: '30 3 * * *', updatedAt: minute('00:07') });
  expect(await run(due(paused, '00:05'))).toMatchObject({ status: 'no_data' });
  expect(await run(due(changed, '00:05'))).toMatchObject({ status: 'no_data' });
});

test('for an exact expression the Scheduler knows what is due: its due time is run', async () => {
  const id = await model();
  expect(await run(due(id, '00:06'))).toMatchObject({
    status: 'no_data',
    scheduled_time: '2026-03-01T00:06:00.000Z',
  });
});

test('of an expression that fires too often, a due time that due_by does not name is skipped', async () => {
  const id = await model({ cron: '0 0 13 * 5' });
  const due_by = { cron_expression: '0 0 13 * 5', timezone: 'UTC' };
  expect(await run({ ...due(id, '00:00'), due_by })).toEqual({ status: 'skipped', reason: 'not due' });
  expect(await runsOf(id)).toEqual([]);
  const friday = { ...due(id, '00:00'), scheduled_time: new Date('2026-03-06T00:00:00Z') };
  expect(await run({ ...friday, due_by })).toMatchObject({ status: 'no_data' });
});

test('a model without a schedule skips', async () => {
  expect(await run(due(modelNamed(999_999), '00:05'))).toEqual({
    status: 'skipped',
    reason: 'not scheduled',
  });
});

test('a manual run is made although the schedule is paused and nothing is due', async () => {
  const id = await model({ enabled: false });
  await sample(id, '[1]', '[1]');
  const outcome = await run({ ...due(id, '00:07'), trigger: 'manual' });
  expect(outcome).toMatchObject({ status: 'ok', accuracy: 1 });
  expect(await runsOf(id)).toMatchObject([{ trigger: 'manual' }]);
});

test('a model without sample rows ends as no_data', async () => {
  const id = await model();
  const outcome = await run(due(id, '00:05'));
  expect(outcome).toMatchObject({ status: 'no_data', accuracy: null, n_samples: null, results_id: null });
  expect(await runsOf(id)).toMatchObject([{ status: 'no_data', accuracy: null }]);
});

test('bad data ends as invalid_data that says which column and why, with no number', async () => {
  const id = await model();
  const row = await sample(id, '[1,2]', '{"a":1}');
  const outcome = await run(due(id, '00:05'));
  expect(outcome).toMatchObject({ status: 'invalid_data', accuracy: null, results_id: row });
  expect((outcome as { error: string }).error).toContain('y_pred');
  expect(await runsOf(id)).toMatchObject([{ status: 'invalid_data', accuracy: null }]);
});

test('numbers keep their spelling on the way from PostgreSQL: 2^53+1 is not 2^53', async () => {
  const id = await model();
  await sample(id, '[9007199254740993, 1]', '[9007199254740992, 1]');
  expect(await run(due(id, '00:05'))).toMatchObject({ accuracy: 0.5 });
});

describe('sample rows of a time to come', () => {
  const modelWith = async (...timestamps: string[]) => {
    const id = await model();
    const ids = [];
    for (const timestamp of timestamps) ids.push(await sample(id, '[1, 1]', '[1, 0]', timestamp));
    return { id, ids };
  };

  test.each([
    ['a year of five digits, the last that PostgreSQL knows', '294276-12-31T00:00:00Z'],
    ['epoch milliseconds taken for seconds', '58154-06-05T08:00:00Z'],
    ['the year 9999', '9999-12-31T23:59:59Z'],
    ['tomorrow', new Date(Date.now() + 86_400_000).toISOString()],
  ])('do not decide a run: %s is left aside, and the result says so', async (_, timestamp) => {
    const { id, ids } = await modelWith(timestamp, '2026-02-01T00:00:00Z', timestamp);
    const outcome = await run(due(id, '00:05'));
    expect(outcome).toMatchObject({
      status: 'ok',
      accuracy: 0.5,
      results_id: ids[1],
      data_timestamp: '2026-02-01T00:00:00.000Z',
      future_rows: { count: 2, first_results_id: ids[0] },
    });
    expect(await cached(id)).toEqual(outcome);
    expect(await runsOf(id)).toMatchObject([{ details: { future_rows: { count: 2 } } }]);
  });

  test('alone are no data', async () => {
    const { id, ids } = await modelWith('9999-12-31T23:59:59Z');
    expect(await run(due(id, '00:05'))).toMatchObject({
      status: 'no_data',
      results_id: null,
      data_timestamp: null,
      future_rows: { count: 1, first_results_id: ids[0] },
    });
  });

  test('count when their time has come', async () => {
    const { id, ids } = await modelWith(new Date(Date.now() + 86_400_000).toISOString());
    expect(await run(due(id, '00:05'))).toMatchObject({ status: 'no_data' });
    await timePasses(stores.db, 24 * 60);
    expect(await run(due(id, '00:10'))).toMatchObject({
      status: 'ok',
      results_id: ids[0],
      future_rows: null,
    });
  });

  test('may be five minutes ahead, as the clock of who writes them may be', async () => {
    const { id, ids } = await modelWith(new Date(Date.now() + 4 * 60_000).toISOString());
    expect(await run(due(id, '00:05'))).toMatchObject({
      status: 'ok',
      results_id: ids[0],
      future_rows: null,
    });
  });

  test('are counted up to a thousand', async () => {
    const id = await model();
    await stores.db.query(
      `INSERT INTO results (model_id, y_true, y_pred, "timestamp")
        SELECT $1, '[1]', '[1]', '9999-01-01' FROM generate_series(1, 1500)`,
      [id],
    );
    expect(await run(due(id, '00:05'))).toMatchObject({ future_rows: { count: 1000 } });
  });
});

test('a sample row of a time before Christ is left aside too', async () => {
  const id = await model();
  await sample(id, '[1]', '[1]', '4000-01-01 BC');
  expect(await run(due(id, '00:05'))).toMatchObject({ status: 'no_data', results_id: null });
});

test('of many runs at once, one that PostgreSQL refuses fails alone', async () => {
  const ids = [await model(), await model()] as const;
  const events = [due(ids[0], '00:05'), due('no uuid', '00:05'), due(ids[1], '00:05')];
  expect(await Promise.allSettled(events.map(run))).toMatchObject([
    { value: { model_id: ids[0] } },
    { reason: { message: 'invalid input syntax for type uuid: "no uuid"' } },
    { value: { model_id: ids[1] } },
  ]);
});
