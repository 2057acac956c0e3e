import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Client } from 'pg';
import { computeAccuracy } from '../../functions/computeAccuracy';
import { exposeMetrics } from '../../functions/exposeMetrics';
import { putRule } from '../../functions/putRule';
import { schedule } from '../../functions/schedule';
import { watch } from '../../functions/watch';
import { ruleSchema } from '../../lib/alerts/rule';
import { httpHandler } from '../../lib/http/handler';
import { openMetrics } from '../../lib/http/openMetrics';
import { route } from '../../lib/http/routes/exposeMetrics';
import { putServiceState } from '../../lib/runtime/serviceState';
import { insertFleet, kindOf } from '../dashboard/fleet';
import { eventOf } from '../http/event';
import { readOpenMetrics } from '../http/openMetricsText';
import { minutesAgo } from '../setup/time';
import { modelNamed, openWorld, settingsOf, type World } from '../setup/world';
import { legendsOfBoard, metricsOfBoard } from '../tools/board';

const models = 60;
const [model_id, unrun] = [modelNamed(1), modelNamed(2)];
let world: World;
let client: Client;

beforeAll(async () => {
  world = await openWorld();
  client = new Client({ connectionString: world.databaseUrl });
  await client.connect();
  await insertFleet(client, world.databaseUrl, { models, runsEach: 3 });
  await schedule(world)(settingsOf(1, { metrics: ['f1_macro', 'accuracy', 'precision'], pos_label: 0 }));
  await schedule(world)(settingsOf(2));
  await world.db.query(
    `INSERT INTO results (model_id, y_true, y_pred, "timestamp") VALUES ($1, '[1, 0, 1]', '[1, 1, 1]', $2)`,
    [model_id, minutesAgo(10)],
  );
  await computeAccuracy(world)({ model_id, scheduled_time: minutesAgo(0), trigger: 'schedule' });
  await watch(world)();
  await putServiceState(world.db, 'watch', {});
});
afterAll(async () => {
  await client.end();
  await world.close();
});

const read = async () => readOpenMetrics((await exposeMetrics(world)()).body);

const of = async (name: string, labels: Record<string, string>) =>
  (await read())
    .get(name)
    ?.samples.filter((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text));

test('each metric of the newest run has its value, and one that is undefined has none', async () => {
  const samples = await of('cyclic_model_metric', { model_id });
  expect(samples?.map(({ labels }) => labels.metric)).toEqual(['accuracy', 'f1_macro']);
  expect(samples?.[0]?.value).toBeCloseTo(2 / 3);
});

test('a model that has not run is told with its status and no value', async () => {
  expect(await of('cyclic_model_metric', { model_id: unrun })).toEqual([]);
  expect(await of('cyclic_model_data_age_seconds', { model_id: unrun })).toEqual([]);
  expect(await of('cyclic_model_status', { model_id: unrun })).toEqual([
    { labels: { model_id: unrun, status: 'pending' }, value: 1 },
  ]);
});

test('the age of the data counts from when it came in, that of a run from when it was due', async () => {
  const [data] = (await of('cyclic_model_data_age_seconds', { model_id })) ?? [];
  expect(data?.value).toBeGreaterThanOrEqual(600);
  const [run] = (await of('cyclic_model_run_age_seconds', { model_id })) ?? [];
  expect(run?.value).toBeLessThan(data?.value ?? 0);
});

test('a model has its name and how many of its alerts are firing; one without a name its model_id', async () => {
  await schedule(world)(settingsOf(1, { name: 'Fraud "Europe"', metrics: ['accuracy'] }));
  const low = ruleSchema.parse({ metric: 'accuracy', below: 0.9, sure: false });
  await putRule(world)({ model_id, rule: 'low', ...low });
  await computeAccuracy(world)({ model_id, scheduled_time: new Date(), trigger: 'manual' });
  expect(await of('cyclic_model', { model_id })).toEqual([
    { labels: { model_id, name: 'Fraud "Europe"' }, value: 1 },
  ]);
  expect(await of('cyclic_model', { model_id: unrun })).toEqual([
    { labels: { model_id: unrun, name: unrun }, value: 1 },
  ]);
  const firing = await Promise.all(
    [model_id, unrun].map((model_id) => of('cyclic_model_firing_alerts', { model_id })),
  );
  expect(firing.flat().map((sample) => sample?.value)).toEqual([1, 0]);
  const [waiting] = (await of('cyclic_alert_deliveries', { state: 'waiting' })) ?? [];
  expect(waiting?.value).toBe(0);
});

test('stale models are those that the overview calls so', async () => {
  const stale = (await of('cyclic_model_stale', {}))?.filter(({ value }) => value === 1) ?? [];
  const all = Array.from({ length: models }, (_, n) => n);
  expect(stale).toHaveLength(all.filter((n) => kindOf(n) === 'stale').length);
  const [counted] = (await of('cyclic_models', { status: 'stale' })) ?? [];
  expect(counted?.value).toBe(stale.length);
});

test('the service tells its runs of the last minutes, how late they were, and when watch looked', async () => {
  const families = await read();
  expect(families.get('cyclic_recent_runs')?.samples).toContainEqual({
    labels: { status: 'ok' },
    value: expect.any(Number),
  });
  const ok = families.get('cyclic_recent_runs')?.samples.find(({ labels }) => labels.status === 'ok');
  expect(ok?.value).toBeGreaterThanOrEqual(1);
  for (const family of ['lateness', 'duration']) {
    const { type, unit, samples } = families.get(`cyclic_recent_run_${family}_seconds`) ?? {};
    expect([type, unit, samples?.map(({ labels }) => labels.quantile)]).toEqual([
      'summary',
      'seconds',
      ['0.5', '0.95', '1'],
    ]);
  }
  const [watched] = families.get('cyclic_service_finished_timestamp_seconds')?.samples ?? [];
  expect(Math.abs((watched?.value ?? 0) - Date.now() / 1000)).toBeLessThan(600);
});

test('the answer is OpenMetrics by its type, and packed for who takes that', async () => {
  const answer = await httpHandler(route, async () => exposeMetrics(world))(
    eventOf({ headers: { 'accept-encoding': 'gzip' } }),
  );
  expect(answer.headers).toMatchObject({
    'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    'content-encoding': 'gzip',
    'cache-control': 'no-store',
  });
  const text = gunzipSync(Buffer.from(answer.body as string, 'base64')).toString();
  expect(readOpenMetrics(text).get('cyclic_model_stale')?.samples).toHaveLength(models + 2);
});

test('whatever a label holds is read back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.double(), (label, value) => {
      const text = openMetrics([
        { name: 'cyclic_x', type: 'gauge', help: `"${label}"`, samples: [{ labels: { label }, value }] },
      ]);
      const [sample] = readOpenMetrics(text).get('cyclic_x')?.samples ?? [];
      expect(sample?.labels).toEqual({ label });
      expect(sample?.value).toBe(value === 0 ? 0 : value);
    }),
  );
});

/** The names of the labels of a series. */
const labelsOf = (families: Awaited<ReturnType<typeof read>>, name: string) => {
  const { samples } = families.get(name.replace(/_info$/, '')) ?? { samples: [] };
  return [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))];
};

test("the dashboard's queries and legends name metrics and labels that there are", async () => {
  const families = await read();
  const board = metricsOfBoard();
  expect(board.length).toBeGreaterThan(8);
  for (const { name, labels } of board) {
    expect([name, [...families.keys()]]).toEqual([
      name,
      expect.arrayContaining([name.replace(/_info$/, '')]),
    ]);
    for (const label of labels)
      expect([name, labelsOf(families, name)]).toEqual([name, expect.arrayContaining([label])]);
  }
  for (const { label, expression } of legendsOfBoard()) {
    const names = expression.match(/\bcyclic_\w+/g) ?? [];
    expect(names.flatMap((name) => labelsOf(families, name))).toContain(label);
  }
});
