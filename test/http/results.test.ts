import { computeAccuracy } from '../../functions/computeAccuracy';
import { deleteSchedule } from '../../functions/deleteSchedule';
import { getResult } from '../../functions/getResult';
import { listRuns } from '../../functions/listRuns';
import { schedule } from '../../functions/schedule';
import { watch } from '../../functions/watch';
import { httpHandler } from '../../lib/http/handler';
import { route as resultRoute } from '../../lib/http/routes/getResult';
import { route as runsRoute } from '../../lib/http/routes/listRuns';
import { openDatabase } from '../../lib/postgres/database';
import { openRedis } from '../../lib/redis/redis';
import { resultCache } from '../../lib/redis/resultCache';
import { openGate } from '../faults/gate';
import { modelNamed, openWorld, settingsOf, type World } from '../setup/world';
import { bodyOf, eventOf } from './event';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const minuteMs = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * minuteMs);

const scheduled = (
  n: number,
  { cron = '*/5 * * * *', updatedAt = ago(60), enabled = true, window = 0 } = {},
) =>
  world.db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, enabled, created_at, updated_at, flexible_window_minutes)
      VALUES ($1, $2, $3, $4, $4, $5)`,
    [modelNamed(n), cron, enabled, updatedAt, window],
  );

const ran = (n: number, time: Date) =>
  world.db.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, started_at, finished_at)
      VALUES ($1, $2, 'schedule', 'ok', 0.5, 2, $2, $2)`,
    [modelNamed(n), time],
  );

let lastModel = 100;

const read = (n: number) => getResult(world)({ model_id: modelNamed(n) });

const get = (n: number, headers: Record<string, string> = {}) =>
  httpHandler(resultRoute, async () => getResult(world))(
    eventOf({ params: { model_id: modelNamed(n) }, headers }),
  );

describe('the newest result', () => {
  test('is pending from the schedule until the first run, with no number', async () => {
    await schedule(world)(settingsOf(1));
    const { body } = await read(1);
    expect(body).toMatchObject({ status: 'pending', accuracy: null, scheduled: true, stale: false });
    expect(Date.parse(body.next_run_at as string)).toBeGreaterThan(Date.now());
  });

  test('of a model nobody knows is 404', async () => {
    expect((await get(2)).statusCode).toBe(404);
  });

  test('comes from PostgreSQL when Redis has none', async () => {
    await scheduled(3);
    await ran(3, ago(10));
    expect((await read(3)).body).toMatchObject({ status: 'ok', accuracy: 0.5 });
  });

  test('comes from PostgreSQL while Redis is away', async () => {
    const redis = await openRedis('redis://127.0.0.1:1');
    const { body } = await getResult({ db: world.db, results: resultCache(redis) })({
      model_id: modelNamed(3),
    });
    expect(body).toMatchObject({ status: 'ok', accuracy: 0.5 });
    redis.disconnect();
  });

  test('comes from Redis while PostgreSQL is away, which knows of no schedule; what Redis has not is 503', async () => {
    const n = 11;
    await scheduled(n, { cron: '0 0 1 * *' });
    const event = { model_id: modelNamed(n), trigger: 'schedule' as const };
    await computeAccuracy(world)({ ...event, scheduled_time: new Date('2026-09-01T00:00:00Z') });
    const gate = await openGate(new URL(world.databaseUrl));
    const db = openDatabase(gate.url.href, 1);
    const ask = (model: number) =>
      httpHandler(resultRoute, async () => getResult({ db, results: world.results }))(
        eventOf({ params: { model_id: modelNamed(model) } }),
      );
    const before = bodyOf(await ask(n));
    expect(before).toMatchObject({ status: 'no_data', scheduled: true });
    gate.close();
    const unknown = {
      reference: null,
      data_stale: null,
      data_deleted: null,
      alerts: null,
      scheduled: null,
      next_run_at: null,
      stale: null,
    };
    expect(bodyOf(await ask(n))).toEqual({ ...before, ...unknown });
    expect((await ask(3)).statusCode).toBe(503);
    await db.end();
  });

  test('is the newest that was recorded, also if Redis was away for all attempts of its run', async () => {
    await scheduled(9, { cron: '0 0 1 * *' });
    const event = { model_id: modelNamed(9), trigger: 'schedule' as const };
    await computeAccuracy(world)({ ...event, scheduled_time: new Date('2026-09-01T00:00:00Z') });
    const redis = await openRedis('redis://127.0.0.1:1');
    const withoutRedis = computeAccuracy({ db: world.db, results: resultCache(redis) });
    const newer = { ...event, scheduled_time: new Date('2026-10-01T00:00:00Z') };
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(withoutRedis(newer)).rejects.toThrow('Redis is not available');
    }
    redis.disconnect();
    expect((await read(9)).body.scheduled_time).toBe('2026-10-01T00:00:00.000Z');
  });

  test('costs one round trip to each store', async () => {
    let [queries, reads] = [0, 0];
    const counting = {
      db: {
        ...world.db,
        query: <Row>(...args: Parameters<typeof world.db.query>) => {
          queries++;
          return world.db.query<Row>(...args);
        },
      },
      results: {
        ...world.results,
        read: (modelId: string) => {
          reads++;
          return world.results.read(modelId);
        },
      },
    };
    for (const n of [1, 3, 9]) await getResult(counting)({ model_id: modelNamed(n) });
    expect([queries, reads]).toEqual([3, 3]);
  });

  test('stays when the schedule goes: then nothing is scheduled, due or overdue', async () => {
    await schedule(world)(settingsOf(4));
    await ran(4, ago(10_000));
    await deleteSchedule(world)({ model_id: modelNamed(4) });
    expect((await read(4)).body).toMatchObject({
      status: 'ok',
      scheduled: false,
      next_run_at: null,
      stale: false,
    });
  });

  const everyMinute = '* * * * *';
  test.each([
    ['stale if a due time three minutes old has no run', true, { updatedAt: ago(60) }, ago(30)],
    ['stale if nothing has ever run, and a due time is three minutes old', true, { updatedAt: ago(60) }],
    ['not stale if the newest due time has its run', false, { updatedAt: ago(60) }, ago(0.1)],
    [
      'not stale if the due times without a run are before the schedule',
      false,
      { updatedAt: ago(0) },
      ago(30),
    ],
    ['not stale while its window is not yet over', false, { updatedAt: ago(4), window: 5 }],
    ['stale when its window is over', true, { updatedAt: ago(60), window: 5 }, ago(30)],
    ['not stale while the schedule is paused', false, { updatedAt: ago(60), enabled: false }, ago(30)],
  ])('is %s', async (_, stale, settings, time = undefined) => {
    await scheduled(++lastModel, { cron: everyMinute, ...settings });
    if (time) await ran(lastModel, time);
    await watch(world)();
    expect((await read(lastModel)).body.stale).toBe(stale);
  });

  test('is stale although somebody has run the model by hand', async () => {
    await scheduled(++lastModel, { cron: '0 * * * *', updatedAt: ago(180) });
    await watch(world)();
    const byHand = {
      model_id: modelNamed(lastModel),
      scheduled_time: new Date(),
      trigger: 'manual' as const,
    };
    await computeAccuracy(world)(byHand);
    expect((await read(lastModel)).body).toMatchObject({ status: 'no_data', stale: true });
  });

  test('has an ETag; with it, an answer that is still true is 304 without a body', async () => {
    const first = await get(4);
    const etag = first.headers?.etag as string;
    expect(first.headers).toMatchObject({ 'cache-control': 'private, no-cache', etag: expect.any(String) });
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(4, { 'if-none-match': header });
      expect(again).toEqual({ statusCode: 304, headers: { etag, 'cache-control': 'private, no-cache' } });
    }
    expect((await get(4, { 'if-none-match': '"other"' })).statusCode).toBe(200);
    await ran(5, ago(1));
    const other = await get(5, { 'if-none-match': etag });
    expect(other.statusCode).toBe(200);
  });
});

describe('the history', () => {
  const times = Array.from({ length: 11 }, (_, n) => new Date(Date.UTC(2026, 2, 1, 12, n)));

  beforeAll(async () => {
    for (const time of times) await ran(6, time);
  });

  test('has every run once, newest first, also while new ones come', async () => {
    const seen: string[] = [];
    let before: Date | undefined;
    for (;;) {
      const { body } = await listRuns(world)({ model_id: modelNamed(6), limit: 3, before });
      seen.push(...body.items.map(({ scheduled_time }) => scheduled_time));
      await ran(6, new Date(Date.UTC(2026, 3, 1, 12, seen.length)));
      if (body.next_before === null) break;
      before = new Date(body.next_before);
    }
    expect(seen).toEqual(times.map((time) => time.toISOString()).reverse());
  });

  test('tells of each run what it found and why it was made', async () => {
    const { body } = await listRuns(world)({ model_id: modelNamed(6), limit: 1, before: times[1] });
    expect(body.items).toEqual([
      expect.objectContaining({ status: 'ok', accuracy: 0.5, trigger: 'schedule', model_id: modelNamed(6) }),
    ]);
  });

  const history = (n: number, query: Record<string, string> = {}) =>
    httpHandler(runsRoute, async () => listRuns(world))(
      eventOf({ params: { model_id: modelNamed(n) }, query }),
    );

  test('of a scheduled model that never ran is empty, of one that nobody knows 404', async () => {
    await scheduled(7);
    expect(bodyOf(await history(7))).toEqual({ items: [], next_before: null });
    expect((await history(8)).statusCode).toBe(404);
  });

  test('takes a time with an offset, and refuses what is no time', async () => {
    const some = await history(6, { before: '2026-03-01T13:01:00+01:00' });
    expect(bodyOf(some).items).toHaveLength(1);
    for (const before of ['2026-03-01', '1772366400', '2026-02-30T00:00:00Z', '']) {
      expect((await history(6, { before })).statusCode).toBe(400);
    }
  });
});
