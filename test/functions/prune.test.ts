import { listMissed } from '../../functions/listMissed';
import { prune } from '../../functions/prune';
import { watch } from '../../functions/watch';
import { openStores, type Stores } from '../setup/stores';
import { modelNamed, recordingInvoker } from '../setup/world';

let stores: Stores;
beforeEach(async () => {
  stores = await openStores();
});
afterEach(() => stores.close());

/** One run a day, `count` of them, the newest `newestDays` days ago. */
const addRuns = (n: number, count: number, newestDays: number) =>
  stores.db.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at)
      SELECT $1, now() - (day + $3) * interval '1 day', 'schedule', 'no_data', now(), now()
      FROM generate_series(0, $2::int - 1) AS day`,
    [modelNamed(n), count, newestDays],
  );

const left = async () => {
  const rows = await stores.db.query<{ count: number }>(
    'SELECT model_id, count(*)::int FROM runs GROUP BY 1 ORDER BY 1',
  );
  return rows.map(({ count }) => count);
};

test('runs older than the days kept go, in batches, but never the newest of a model', async () => {
  await addRuns(1, 2500, 1);
  await addRuns(2, 10, 400);
  expect(
    await prune({ db: stores.db, keepDays: 90, keepPerModel: 10_000, keepPredictionDays: 90 })(),
  ).toEqual({
    run_months: 0,
    old: 2420,
    many: 0,
    months: 0,
    labels: 0,
    rows: 0,
  });
  expect(await left()).toEqual([89, 1]);
});

test('a month that is not kept goes as one, but the newest run of a model with its revisions stays, and tells nobody', async () => {
  const [alive, dead] = [modelNamed(1), modelNamed(2)];
  await stores.db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression) SELECT unnest($1::uuid[]), '0 * * * *'`,
    [[alive, dead]],
  );
  const add = `INSERT INTO runs (model_id, scheduled_time, trigger, status, error, started_at, finished_at)
    SELECT $1, date_trunc('month', now(), 'UTC') + at, 'schedule', $3, CASE $3 WHEN 'invalid_data' THEN 'wrong' END, now(), now()
    FROM unnest($2::interval[]) AS at`;
  await stores.db.query(add, [alive, ['2 days', '1 day', '2 years'], 'no_data']);
  await stores.db.query(add, [dead, ['1 day', '2 days'], 'invalid_data']);
  await stores.db.query(add, [dead, ['3 days'], 'missed']);
  await stores.db.query('UPDATE runs SET revision = 1');
  const told = () => stores.db.query('SELECT id, kind FROM alert_notifications ORDER BY id');
  const before = await told();
  expect(before).toHaveLength(1);

  // Until a hundred days from now: this month and the next.
  const pruned = await prune({
    db: stores.db,
    keepDays: -100,
    keepPerModel: 10_000,
    keepPredictionDays: 90,
  })();
  expect(pruned).toMatchObject({ run_months: 2, old: 0 });
  const kept =
    'SELECT model_id, status, revision, tableoid::regclass::text AS table FROM runs ORDER BY model_id';
  expect(await stores.db.query(kept)).toEqual([
    { model_id: alive, status: 'no_data', revision: 1, table: 'runs_later' },
    { model_id: dead, status: 'invalid_data', revision: 1, table: 'runs_earlier' },
  ]);
  expect(await stores.db.query('SELECT model_id FROM run_revisions ORDER BY 1')).toEqual([
    { model_id: alive },
    { model_id: dead },
  ]);
  expect(await told()).toEqual(before);
});

test('of a model with more runs than are kept the oldest go', async () => {
  await addRuns(1, 2500, 1);
  await addRuns(2, 10, 1);
  expect(
    await prune({ db: stores.db, keepDays: 10_000, keepPerModel: 100, keepPredictionDays: 90 })(),
  ).toEqual({
    run_months: 0,
    old: 0,
    many: 2400,
    months: 0,
    labels: 0,
    rows: 0,
  });
  expect(await left()).toEqual([100, 10]);
});

test('two at once delete what one would', async () => {
  await addRuns(1, 3000, 50);
  const once = prune({ db: stores.db, keepDays: 60, keepPerModel: 10_000, keepPredictionDays: 90 });
  const [one, other] = await Promise.all([once(), once()]);
  expect(one.old + other.old).toBe(2990);
  expect(await left()).toEqual([10]);
});

test('a pruned run is not a missed due time', async () => {
  await stores.db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, created_at, updated_at)
      VALUES ($1, '0 0 * * *', now() - interval '200 days', now() - interval '200 days')`,
    [modelNamed(1)],
  );
  await stores.db.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, started_at, finished_at)
      SELECT $1, date_trunc('day', now(), 'UTC') - day * interval '1 day', 'schedule', 'ok', 0.5, 2, now(), now()
      FROM generate_series(0, 199) AS day`,
    [modelNamed(1)],
  );
  await prune({ db: stores.db, keepDays: 90, keepPerModel: 100_000, keepPredictionDays: 90 })();
  await watch({ db: stores.db, runs: recordingInvoker() })();
  const missed = await listMissed(stores)({ model_id: modelNamed(1), limit: 1000, after: undefined });
  expect(missed.body).toEqual({ items: [], unlisted: 0 });
});

test('missed due times are pruned like runs, and the newest run that looked at its data stays', async () => {
  await addRuns(1, 1, 300);
  await stores.db.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at)
      SELECT $1, now() - day * interval '1 day', 'schedule', 'missed', now(), now() FROM generate_series(1, 200) AS day`,
    [modelNamed(1)],
  );
  const statuses = () => stores.db.query('SELECT status, count(*)::int FROM runs GROUP BY 1 ORDER BY 1');
  await prune({ db: stores.db, keepDays: 90, keepPerModel: 10_000, keepPredictionDays: 90 })();
  expect(await statuses()).toEqual([
    { status: 'missed', count: 89 },
    { status: 'no_data', count: 1 },
  ]);
  await prune({ db: stores.db, keepDays: 90, keepPerModel: 50, keepPredictionDays: 90 })();
  expect(await left()).toEqual([50]);
});

test('sample rows go only where it is said how long they are kept, and never the newest that a run would take', async () => {
  const add = (n: number, days: number[]) =>
    stores.db.query(
      `INSERT INTO results (model_id, y_true, y_pred, "timestamp")
        SELECT $1, '[1]', '[1]', now() - day * interval '1 day' FROM unnest($2::int[]) AS day`,
      [modelNamed(n), days],
    );
  await add(1, [100, 95, 91, 1]);
  await add(2, [300, 200]);
  await add(3, [400, -30]); // the second is of a time to come
  const keep = { keepDays: 90, keepPerModel: 100, keepPredictionDays: 90 };
  expect(await prune({ db: stores.db, ...keep })()).toMatchObject({ rows: 0 });
  expect(await prune({ db: stores.db, ...keep, keepResultDays: 90 })()).toMatchObject({ rows: 4 });
  const kept = await stores.db.query(
    `SELECT model_id, array_agg(round(extract(epoch FROM now() - "timestamp") / 86400)::int ORDER BY 1) AS days
      FROM results GROUP BY 1 ORDER BY 1`,
  );
  expect(kept).toEqual([
    { model_id: modelNamed(1), days: [1] },
    { model_id: modelNamed(2), days: [200] },
    { model_id: modelNamed(3), days: expect.arrayContaining([400, -30]) },
  ]);
});
