import { setTimeout as sleep } from 'node:timers/promises';
import { loadDemo } from '../../../localstack/demo/demo';
import { startService } from './service';

let service: Awaited<ReturnType<typeof startService>>;
let overview: Record<string, Record<string, unknown>>;

// biome-ignore lint/suspicious/noExplicitAny: what comes is what the tests are about
const get = async (path: string): Promise<any> => {
  const response = await fetch(service.url + path, { headers: { authorization: 'Bearer reader' } });
  return response.json();
};

const firing = async (): Promise<string[]> => {
  const { items } = await get('/alerts');
  return items.map(({ name, rule }: Record<string, string>) => `${name}: ${rule}`).sort();
};

beforeAll(async () => {
  service = await startService({ CYCLIC_TOKEN: 'writer' }, ['--demo']);
  const isLoaded = async () => (await firing()).length === 4;
  while (!(await isLoaded())) await sleep(200);
  const { items } = await get('/overview?limit=50');
  overview = Object.fromEntries(items.map((model: { name: string }) => [model.name, model]));
});
afterAll(() => service.stop());

test('the demo has twelve models, each with a run an hour of the last week', async () => {
  expect(Object.keys(overview)).toHaveLength(12);
  for (const { model_id, name } of Object.values(overview)) {
    const { items } = await get(`/results/${model_id}/history?limit=300`);
    const hourly = items.filter(({ trigger }: { trigger: string }) => trigger === 'backfill');
    expect([name, hourly.length]).toEqual([name, 168]);
    expect([name, items.filter(({ status }: { status: string }) => status === 'missed')]).toEqual([name, []]);
  }
});

test('one is bad, one drifts, one is stale, one cannot be scored, and their alerts fire', async () => {
  expect(await firing()).toEqual([
    'Defects, line 3: stale_data',
    'Loan defaults: invalid_data',
    'Product categories: drift',
    'Support tickets: f1-low',
  ]);
  expect(overview['Defects, line 3']).toMatchObject({ status: 'ok', data_stale: true });
  expect(overview['Loan defaults']).toMatchObject({ status: 'invalid_data' });
});

test('labels of predictions by id come late, and a tenth never', async () => {
  const model = overview['Fraud, card payments']?.model_id;
  const result = await get(`/results/${model}`);
  expect(result.coverage).toBeGreaterThan(0.8);
  expect(result.coverage).toBeLessThan(1);
  expect(result.segments).toHaveLength(4);
  const { items } = await get(`/predictions/${model}?of=predictions&limit=100`);
  expect(items.every(({ y_true }: { y_true: unknown }) => y_true === null)).toBe(true);
});

test('a second start makes nothing anew', async () => {
  const watch = () => Promise.reject(new Error('watch was called'));
  expect(await loadDemo({ url: service.url, token: 'writer', watch })).toBe(0);
});
