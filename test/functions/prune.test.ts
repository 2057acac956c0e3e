import { prune } from '../../functions/prune';
import { openStores, type Stores } from '../setup/stores';

let stores: Stores;
beforeEach(async () => {
  stores = await openStores();
});
afterEach(() => stores.close());

const model = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;

/** One run a day, `count` of them, the newest `newestDays` days ago. */
const addRuns = (n: number, count: number, newestDays: number) =>
  stores.db.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at)
      SELECT $1, now() - (day + $3) * interval '1 day', 'schedule', 'no_data', now(), now()
      FROM generate_series(0, $2::int - 1) AS day`,
    [model(n), count, newestDays],
  );

const left = async () => {
  const rows = await stores.db.query<Record<string, any>>(
    'SELECT model_id, count(*)::int FROM runs GROUP BY 1 ORDER BY 1',
  );
  return rows.map(({ count }) => count);
};

test('runs older than the days kept go, in batches, but never the newest of a model', async () => {
  await addRuns(1, 2500, 1);
  await addRuns(2, 10, 400);
  expect(await prune({ db: stores.db, keepDays: 90, keepPerModel: 10_000 })()).toEqual({
    old: 2420,
    many: 0,
  });
  expect(await left()).toEqual([89, 1]);
});

test('of a model with more runs than are kept the oldest go', async () => {
  await addRuns(1, 2500, 1);
  await addRuns(2, 10, 1);
  expect(await prune({ db: stores.db, keepDays: 10_000, keepPerModel: 100 })()).toEqual({
    old: 0,
    many: 2400,
  });
  expect(await left()).toEqual([100, 10]);
});

test('two at once delete what one would', async () => {
  await addRuns(1, 3000, 1);
  const once = prune({ db: stores.db, keepDays: 10, keepPerModel: 10_000 });
  const [one, other] = await Promise.all([once(), once()]);
  expect(one.old + other.old).toBe(2991);
  expect(await left()).toEqual([9]);
});
