import { resolve } from 'node:path';
import { startLambda, stopAll } from '../localstack/lambda/lambda';
import { openStores, type Stores } from '../setup/stores';
import { modelNamed } from '../setup/world';

let stores: Stores;
let lambda: Awaited<ReturnType<typeof startLambda>>;
const model_id = modelNamed(1);

/** The built function, in an environment of the local Lambda service. */
beforeAll(async () => {
  stores = await openStores();
  await stores.db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, created_at, updated_at) VALUES ($1, '* * * * *', $2, $2)`,
    [model_id, '2026-03-01'],
  );
  lambda = await startLambda({
    computeAccuracy: {
      taskRoot: resolve('.build/functions'),
      handler: 'computeAccuracy.handler',
      env: {
        DATABASE_URL: stores.databaseUrl,
        REDIS_URL: stores.redisUrl,
        POWERTOOLS_METRICS_DISABLED: 'true',
      },
    },
  });
});
afterAll(async () => {
  await stopAll();
  await stores.close();
});

const invoke = async (event: object) => (await lambda.invoke('computeAccuracy', event)).payload;

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

test('a due time is the minute that it lies in: the same minute told twice is one run', async () => {
  const first = await invoke({ model_id, scheduled_time: '2026-03-02T12:00:00Z' });
  expect(first).toMatchObject({ status: 'no_data', scheduled_time: '2026-03-02T12:00:00.000Z' });
  expect(await invoke({ model_id, scheduled_time: '2026-03-02T12:00:59.999Z' })).toEqual(first);
  expect(await stores.db.query('SELECT scheduled_time FROM runs')).toHaveLength(1);
});

test('a run by hand has the moment in which it was asked for', async () => {
  const scheduled_time = '2026-03-02T13:00:12.345Z';
  expect(await invoke({ model_id, scheduled_time, trigger: 'manual' })).toMatchObject({ scheduled_time });
});

test.each([
  ['a due time more than five minutes ahead', { scheduled_time: inMinutes(6) }, 'must not be in the future'],
  ['one by hand too', { scheduled_time: inMinutes(6), trigger: 'manual' }, 'must not be in the future'],
  ['a year of five digits', { scheduled_time: '+010000-01-01T00:00:00Z' }, 'scheduled_time'],
  ['a day', { scheduled_time: '2026-03-01' }, 'scheduled_time'],
  ['no time', {}, 'scheduled_time'],
  ['a field that nobody knows', { scheduled_time: inMinutes(0), retry: 1 }, 'retry'],
  ['what is no model', { model_id: 'x', scheduled_time: inMinutes(0) }, 'must be a UUID'],
])('%s is refused, and no store is asked', async (_, event, words) => {
  const before = await stores.db.query('SELECT 1 FROM runs');
  const refused = await invoke({ model_id, ...event });
  expect(refused).toMatchObject({ errorType: 'ZodError', errorMessage: expect.stringContaining(words) });
  expect(await stores.db.query('SELECT 1 FROM runs')).toHaveLength(before.length);
});

test('a due time four minutes ahead is run: clocks differ', async () => {
  expect(await invoke({ model_id, scheduled_time: inMinutes(4) })).toMatchObject({ status: 'no_data' });
});
