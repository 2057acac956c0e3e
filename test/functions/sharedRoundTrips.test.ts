import { computeAccuracy } from '../../functions/computeAccuracy';
import { Unavailable } from '../../lib/runtime/failures';
import { gather } from '../../lib/runtime/gather';
import { openStores, type Stores } from '../setup/stores';

let stores: Stores;
const statements: string[] = [];
/** What happens just before the next transaction, which is what a large row is read in. */
let beforeTransaction: (() => Promise<void>) | undefined;

beforeAll(async () => {
  stores = await openStores();
  stores.db.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    Object.assign(client, {
      query: (...args: unknown[]) => {
        const { text, values } = Object(args[0]) as { text?: string; values?: unknown[] };
        statements.push(JSON.stringify([text ?? args[0], values]));
        const before = beforeTransaction;
        if (args[0] !== 'BEGIN' || !before) return query(...args);
        beforeTransaction = undefined;
        return before().then(() => query(...args));
      },
    });
  });
});
afterAll(() => stores.close());

const modelId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Models of which the n-th has n labels, n - 1 of them right. */
const insertModels = (from: number, to: number) =>
  stores.db.query(
    `WITH models AS (
      INSERT INTO metrics_executions (model_id, cron_expression, updated_at)
      SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '* * * * *', '2026-03-01'
      FROM generate_series($1::int, $2::int) AS n RETURNING model_id
    ) INSERT INTO results (model_id, y_true, y_pred)
      SELECT model_id, json_agg(1), json_agg(CASE WHEN k = 1 THEN 0 ELSE 1 END)
      FROM models, generate_series(1, right(model_id::text, 12)::int) AS k GROUP BY model_id`,
    [from, to],
  );

const due = (n: number) => ({
  model_id: modelId(n),
  scheduled_time: new Date('2026-03-01T00:05:00Z'),
  trigger: 'schedule' as const,
});

const from = (first: number, count: number) => Array.from({ length: count }, (_, n) => first + n);

test('fifty runs of one moment are one question to PostgreSQL, one record, and each its own result', async () => {
  await insertModels(1, 50);
  statements.length = 0;
  const run = computeAccuracy(stores);
  const outcomes = await Promise.all(from(1, 50).map((n) => run(due(n))));
  expect(outcomes).toMatchObject(
    from(1, 50).map((n) => ({ model_id: modelId(n), status: 'ok', accuracy: (n - 1) / n, n_samples: n })),
  );
  expect(statements).toHaveLength(2);
  const rows = await stores.db.query<Record<string, any>>('SELECT accuracy FROM runs ORDER BY n_samples');
  expect(rows).toEqual(from(1, 50).map((n) => ({ accuracy: (n - 1) / n })));
  const keys = from(1, 50).map((n) => `result:${modelId(n)}`);
  expect((await stores.redis.mget(keys)).map((text) => JSON.parse(text ?? ''))).toEqual(outcomes);
});

test('among them a model without a schedule is skipped, and one due time twice is one run', async () => {
  await insertModels(101, 102);
  const run = computeAccuracy(stores);
  const [none, first, again, other] = await Promise.all([999, 101, 101, 102].map((n) => run(due(n))));
  expect(none).toEqual({ status: 'skipped', reason: 'not scheduled' });
  expect(again).toEqual(first);
  expect([first, other]).toMatchObject([{ n_samples: 101 }, { n_samples: 102 }]);
});

test('sample rows of more than 64 KiB on disk are read by themselves, the others together', async () => {
  await insertModels(201, 204);
  const noise = Array.from({ length: 20_000 }, () => Math.floor(Math.random() * 1e9));
  await stores.db.query('INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, $3, $3), ($2, $3, $3)', [
    modelId(202),
    modelId(204),
    JSON.stringify(noise),
  ]);
  statements.length = 0;
  const run = computeAccuracy(stores);
  const outcomes = await Promise.all([201, 202, 203, 204].map((n) => run(due(n))));
  expect(outcomes).toMatchObject([
    { n_samples: 201 },
    { n_samples: 20_000, accuracy: 1 },
    { n_samples: 203 },
    { n_samples: 20_000, accuracy: 1 },
  ]);
  const count = (word: string) => statements.filter((text) => text.includes(word)).length;
  expect([count('FROM unnest((SELECT'), count('COPY (')]).toEqual([1, 2]);
});

test('a large sample row that is replaced between the two looks at it is no failure: the run takes the new one', async () => {
  await insertModels(211, 211);
  const large = JSON.stringify(Array.from({ length: 20_000 }, () => Math.floor(Math.random() * 1e9)));
  const insert = 'INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, $2, $2)';
  await stores.db.query(insert, [modelId(211), large]);
  statements.length = 0;
  beforeTransaction = async () => {
    await stores.db.query('DELETE FROM results WHERE model_id = $1', [modelId(211)]);
    await stores.db.query(insert, [modelId(211), '[1, 2, 3]']);
  };
  expect(await computeAccuracy(stores)(due(211))).toMatchObject({ status: 'ok', n_samples: 3 });
  expect(statements.filter((text) => text.includes('COPY ('))).toHaveLength(1);
});

test('a run that PostgreSQL refuses fails alone', async () => {
  await insertModels(301, 302);
  const run = computeAccuracy(stores);
  const events = [due(301), { ...due(302), model_id: 'no uuid' }, due(302)];
  const outcomes = await Promise.allSettled(events.map(run));
  expect(outcomes).toMatchObject([
    { value: { n_samples: 301 } },
    { reason: { message: 'invalid input syntax for type uuid: "no uuid"' } },
    { value: { n_samples: 302 } },
  ]);
});

test('what is asked for while the last piece of work is under way goes together', async () => {
  const batches: number[][] = [];
  let end = () => {};
  const ask = gather(async (items: number[]) => {
    batches.push(items);
    if (batches.length === 1) await new Promise<void>((resolve) => (end = resolve));
    return items.map((item) => item * 2);
  });
  const first = ask(1);
  await new Promise(setImmediate);
  const others = [ask(2), ask(3)];
  await new Promise(setImmediate);
  others.push(ask(4));
  end();
  expect(await Promise.all([first, ...others])).toEqual([2, 4, 6, 8]);
  expect(batches).toEqual([[1], [2, 3, 4]]);
});

test('a store that is away is not asked again for each of them', async () => {
  let asked = 0;
  const ask = gather(async (_: number[]) => {
    asked++;
    throw new Unavailable('PostgreSQL', new Error('gone'));
  });
  const outcomes = await Promise.allSettled([ask(1), ask(2), ask(3)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(asked).toBe(1);
});
