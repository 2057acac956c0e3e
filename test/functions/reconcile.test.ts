import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { deleteSchedule } from '../../functions/deleteSchedule';
import { attempts, reconcile } from '../../functions/reconcile';
import { schedule } from '../../functions/schedule';
import { Unavailable } from '../../lib/runtime/failures';
import type { Settings } from '../../lib/schedule/schedule';
import { scheduleDefinition } from '../../lib/scheduler/definition';
import { openScheduler } from '../../lib/scheduler/scheduler';
import { openRefusing } from '../setup/refusing';
import {
  credentials,
  modelNamed,
  openWorld,
  schedulerClient,
  settingsOf,
  target,
  type World,
} from '../setup/world';

const GroupName = target.groupName;

let world: World;
let client: SchedulerClient;

beforeEach(async () => {
  world = await openWorld();
  client = world.schedulerClient;
});
afterEach(() => world.close());

const settings = (n: number) =>
  settingsOf(n, {
    cron_expression: `${n % 60} * * * *`,
    enabled: n % 3 > 0,
    flexible_window_minutes: n % 2 ? 15 : 0,
  });
const make = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => schedule(world)(settings(n))));
const get = (n: number) => client.send(new GetScheduleCommand({ Name: modelNamed(n), GroupName }));
const names = async () => {
  const { Schedules } = await client.send(new ListSchedulesCommand({ GroupName, MaxResults: 100 }));
  return (Schedules ?? []).map(({ Name }) => Name).sort();
};
const counts = (more: object) => ({
  equal: 0,
  missing: 0,
  different: 0,
  orphaned: 0,
  foreign: 0,
  unreadable: 0,
  refused: 0,
  ...more,
});

test('what is right is not touched', async () => {
  await make(20);
  const before = (await get(7)).LastModificationDate;
  expect(await reconcile(world)()).toEqual(counts({ equal: 20 }));
  expect((await get(7)).LastModificationDate).toEqual(before);
});

/** The Scheduler, as if all had been modified a minute before. */
const longAgo = (): World['scheduler'] => ({
  ...world.scheduler,
  list: async () => {
    const listed = [...(await world.scheduler.list())];
    return new Map(listed.map(([name, modified]) => [name, new Date(Number(modified) - 60_000)]));
  },
});

test('what was found right is read again only when it has changed, here or there', async () => {
  const read: string[] = [];
  const has = (wanted: Settings) => {
    read.push(wanted.model_id);
    return world.scheduler.has(wanted);
  };
  const pass = async () => {
    read.length = 0;
    const outcome = await reconcile({ ...world, scheduler: { ...longAgo(), has } })();
    return { outcome, read: read.toSorted() };
  };
  await make(5);
  expect(await pass()).toMatchObject({
    outcome: counts({ equal: 5 }),
    read: [0, 1, 2, 3, 4].map(modelNamed),
  });
  expect(await pass()).toEqual({ outcome: counts({ equal: 5 }), read: [] });
  await client.send(
    new UpdateScheduleCommand({
      ...scheduleDefinition(settings(2), target),
      ScheduleExpression: 'rate(1 day)',
    }),
  );
  await world.db.query('UPDATE metrics_executions SET cron_expression = $2 WHERE model_id = $1', [
    modelNamed(4),
    '7 7 * * *',
  ]);
  expect(await pass()).toEqual({ outcome: counts({ equal: 3, different: 2 }), read: [2, 4].map(modelNamed) });
  expect((await get(4)).ScheduleExpression).toBe('cron(7 7 * * ? *)');
  expect(await pass()).toEqual({ outcome: counts({ equal: 5 }), read: [2, 4].map(modelNamed) });
  expect(await pass()).toEqual({ outcome: counts({ equal: 5 }), read: [] });
});

test('a schedule that is just being deleted holds up no pass, which notes the others', async () => {
  await make(3);
  const noted = () => world.db.query('SELECT model_id FROM scheduler_definitions ORDER BY model_id');
  const rollback = new Error('not after all');
  const deleting = world.db.transaction(async ({ query }) => {
    await query('DELETE FROM metrics_executions WHERE model_id = $1', [modelNamed(1)]);
    expect(await reconcile({ ...world, scheduler: longAgo() })()).toEqual(counts({ equal: 3 }));
    throw rollback;
  });
  await expect(deleting).rejects.toBe(rollback);
  expect(await noted()).toEqual([0, 2].map((n) => ({ model_id: modelNamed(n) })));
});

test('what changed within the last two seconds is read again: a second change could have the same date', async () => {
  await make(1);
  await reconcile(world)();
  expect(await world.db.query('SELECT FROM scheduler_definitions')).toEqual([]);
});

test('a row that cannot be read, written past the API, holds up no other', async () => {
  await make(4);
  const sql = 'UPDATE metrics_executions SET cron_expression = $2, timezone = $3 WHERE model_id = $1';
  await world.db.query(sql, [modelNamed(1), 'often', 'UTC']);
  await world.db.query(sql, [modelNamed(2), '* * * * *', 'Mars/Base']);
  await client.send(new DeleteScheduleCommand({ Name: modelNamed(3), GroupName }));
  expect(await reconcile(world)()).toEqual(counts({ equal: 1, missing: 1, unreadable: 2 }));
  expect(await names()).toHaveLength(4);
});

test('one pass puts back what is missing, mends what is different, removes orphans and leaves foreign ones', async () => {
  await make(10);
  await client.send(new DeleteScheduleCommand({ Name: modelNamed(1), GroupName }));
  await client.send(
    new UpdateScheduleCommand({
      ...scheduleDefinition(settings(2), target),
      ScheduleExpression: 'rate(1 day)',
    }),
  );
  await client.send(
    new UpdateScheduleCommand({ ...scheduleDefinition(settings(4), target), State: 'DISABLED' }),
  );
  await world.db.query('DELETE FROM metrics_executions WHERE model_id = $1', [modelNamed(5)]);
  const foreign = [modelNamed(5).replaceAll('-', ''), 'not-ours'];
  for (const Name of foreign) {
    await client.send(new CreateScheduleCommand({ ...scheduleDefinition(settings(6), target), Name }));
  }
  expect(await reconcile(world)()).toEqual(
    counts({ equal: 6, missing: 1, different: 2, orphaned: 1, foreign: 2 }),
  );
  expect((await get(2)).ScheduleExpression).toBe('cron(2 * * * ? *)');
  expect((await get(4)).State).toBe('ENABLED');
  expect(await names()).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9].map(modelNamed).concat(foreign).sort());
  expect(await reconcile(world)()).toEqual(counts({ equal: 9, foreign: 2 }));
});

test('a schedule whose row is being inserted at that moment is not deleted', async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let created = () => {};
  const isCreated = new Promise<void>((resolve) => {
    created = resolve;
  });
  const scheduler = {
    ...world.scheduler,
    put: async (...args: Parameters<typeof world.scheduler.put>) => {
      await world.scheduler.put(...args);
      created();
      await slow; // the schedule is there, its row not yet committed
    },
  };
  const posting = schedule({ db: world.db, scheduler })(settings(1));
  await isCreated;
  const reconciling = reconcile(world)();
  const waits = () => world.db.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory'");
  while ((await waits()).length === 0) await sleep(5);
  finish();
  await posting;
  expect(await reconciling).toEqual(counts({}));
  expect(await names()).toEqual([modelNamed(1)]);
});

test('reconcile among posts and deletes of the same models ends with both sides equal', async () => {
  await make(30);
  const change = async (n: number) => {
    await schedule(world)({ ...settings(n), cron_expression: `${(n * 7) % 60} 3 * * *` });
    if (n % 2) await deleteSchedule(world)({ model_id: modelNamed(n) });
  };
  await Promise.all([
    reconcile(world)(),
    ...Array.from({ length: 30 }, (_, n) => change(n)),
    reconcile(world)(),
  ]);
  expect(await reconcile(world)()).toEqual(counts({ equal: 15 }));
});

test('a Scheduler that is away is an error, and nothing was changed', async () => {
  await make(3);
  const away = schedulerClient('http://127.0.0.1:1');
  const scheduler = openScheduler(away, target);
  await expect(reconcile({ db: world.db, scheduler })()).rejects.toBeInstanceOf(Unavailable);
  expect(await reconcile(world)()).toEqual(counts({ equal: 3 }));
  away.destroy();
});

test('a group that is gone is made again, with all its schedules', async () => {
  await make(10);
  await client.send(new DeleteScheduleGroupCommand({ Name: GroupName }));
  expect(await reconcile(world)()).toEqual(counts({ missing: 10 }));
  expect(await names()).toHaveLength(10);
  expect(await reconcile(world)()).toEqual(counts({ equal: 10 }));
});

describe('behind a Scheduler that refuses some requests', () => {
  let refusing: Awaited<ReturnType<typeof openRefusing>>;
  beforeEach(async () => {
    refusing = await openRefusing(world.schedulerUrl);
  });
  afterEach(() => refusing.close());

  const through = (maxAttempts: number) => {
    const client = new SchedulerClient({
      region: 'us-east-1',
      endpoint: refusing.url,
      credentials,
      maxAttempts,
    });
    return { db: world.db, scheduler: openScheduler(client, target) };
  };

  test.each([
    ['a schedule it will never take', 400, 'ValidationException'],
    ['one schedule more than the quota', 402, 'ServiceQuotaExceededException'],
  ])(
    '%s is counted, and holds up no other: orphans go, and what is missing comes',
    async (_, status, type) => {
      await make(6);
      await client.send(new DeleteScheduleCommand({ Name: modelNamed(1), GroupName }));
      await client.send(new DeleteScheduleCommand({ Name: modelNamed(2), GroupName }));
      await world.db.query('DELETE FROM metrics_executions WHERE model_id = $1', [modelNamed(3)]);
      refusing.refuseWhen(({ method, path }) =>
        method === 'POST' && path.includes(modelNamed(1)) ? { status, type, message: 'no' } : undefined,
      );
      expect(await reconcile(through(1))()).toEqual(
        counts({ equal: 3, missing: 1, refused: 1, orphaned: 1 }),
      );
      expect(await names()).toEqual([0, 2, 4, 5].map(modelNamed));
    },
  );

  test('a rate that is met makes reconcile slower, not fail', async () => {
    await make(5);
    const refused = new Map<string, number>();
    refusing.refuseWhen(({ path }) => {
      const count = (refused.get(path) ?? 0) + 1;
      refused.set(path, count);
      return count <= 2 ? { status: 429, type: 'ThrottlingException', message: 'Rate exceeded' } : undefined;
    });
    expect(await reconcile(through(attempts))()).toEqual(counts({ equal: 5 }));
    expect([...refused.values()].every((count) => count === 3)).toBe(true);
  });
});
