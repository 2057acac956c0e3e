import { GetScheduleCommand, ListSchedulesCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { QuotaExceeded, Refused, Unavailable } from '../../lib/runtime/failures';
import type { Settings } from '../../lib/schedule/schedule';
import { scheduleDefinition } from '../../lib/scheduler/definition';
import { openScheduler, type Scheduler } from '../../lib/scheduler/scheduler';
import { clientOf, openEndpoint } from '../localstack/scheduler/endpoint';
import { openRefusing } from '../setup/refusing';
import { settingsOf, target as usual } from '../setup/world';

const target = { ...usual, groupName: 'test-scheduler' };
const group = target.groupName;

let client: SchedulerClient;
let endpoint: Awaited<ReturnType<typeof openEndpoint>>;
let scheduler: Scheduler;

beforeAll(async () => {
  endpoint = await openEndpoint(group);
  client = endpoint.client;
  scheduler = openScheduler(client, target);
});
afterAll(() => endpoint.close());

let models = 0;
const newSettings = (): Settings => settingsOf(++models, { timezone: 'Europe/Berlin' });

const found = ({ model_id }: Settings) =>
  client.send(new GetScheduleCommand({ Name: model_id, GroupName: group }));

const count = async (prefix: string) => {
  const page = new ListSchedulesCommand({ GroupName: group, NamePrefix: prefix });
  return (await client.send(page)).Schedules?.length;
};

test('put makes a schedule that reads back as it was defined', async () => {
  const settings = newSettings();
  await scheduler.put(settings, true);
  expect(await found(settings)).toMatchObject(scheduleDefinition(settings, target));
});

test('put replaces the whole of a schedule', async () => {
  const settings = newSettings();
  await scheduler.put(settings, true);
  const changed = {
    ...settings,
    cron_expression: '0 8 13 * 5',
    timezone: 'UTC',
    enabled: false,
    flexible_window_minutes: 15,
  };
  await scheduler.put(changed, false);
  expect(await found(settings)).toMatchObject(scheduleDefinition(changed, target));
});

test('put makes the schedule that was thought to be there', async () => {
  const settings = newSettings();
  await scheduler.put(settings, false);
  expect(await found(settings)).toMatchObject(scheduleDefinition(settings, target));
});

test('put replaces the schedule that was thought to be missing', async () => {
  const settings = newSettings();
  await scheduler.put(settings, true);
  await scheduler.put({ ...settings, enabled: false }, true);
  expect((await found(settings)).State).toBe('DISABLED');
});

test('delete of a schedule that is gone does nothing', async () => {
  const settings = newSettings();
  await scheduler.put(settings, true);
  await scheduler.delete(settings.model_id);
  await scheduler.delete(settings.model_id);
  expect(await count(settings.model_id)).toBe(0);
});

test('40 puts of one name at once end with one schedule, as one of them wanted it', async () => {
  const settings = newSettings();
  const wanted = Array.from({ length: 40 }, (_, i) => ({ ...settings, cron_expression: `${i} * * * *` }));
  await Promise.all(wanted.map((each) => scheduler.put(each, true)));
  expect(await count(settings.model_id)).toBe(1);
  const { ScheduleExpression } = await found(settings);
  const expressions = wanted.map((each) => scheduleDefinition(each, target).ScheduleExpression);
  expect(expressions).toContain(ScheduleExpression);
});

test('has tells a schedule that is just as put would make it from one that is not, and from none', async () => {
  const settings = newSettings();
  expect(await scheduler.has(settings)).toBe(false);
  await scheduler.put(settings, true);
  expect(await scheduler.has(settings)).toBe(true);
  for (const change of [{ enabled: false }, { timezone: 'UTC' }, { flexible_window_minutes: 5 }]) {
    expect(await scheduler.has({ ...settings, ...change })).toBe(false);
  }
  expect([...(await scheduler.list()).keys()]).toContain(settings.model_id);
});

test('a group that is gone has no schedules, and put makes it, also when many put at once', async () => {
  const elsewhere = openScheduler(client, { ...target, groupName: `${group}-gone-${Date.now()}` });
  expect(await elsewhere.list()).toEqual(new Map());
  const wanted = Array.from({ length: 10 }, newSettings);
  await elsewhere.delete(wanted[0]?.model_id as string);
  await Promise.all(wanted.map((settings, n) => elsewhere.put(settings, n % 2 === 0)));
  expect(new Set((await elsewhere.list()).keys())).toEqual(new Set(wanted.map(({ model_id }) => model_id)));
});

test('a Scheduler that is away is Unavailable', async () => {
  const away = openScheduler(clientOf('http://127.0.0.1:1'), target);
  const calls = [
    () => away.put(newSettings(), true),
    () => away.put(newSettings(), false),
    () => away.delete('a'),
    () => away.has(newSettings()),
    () => away.list(),
  ];
  for (const call of calls) await expect(call()).rejects.toBeInstanceOf(Unavailable);
});

test.each([
  [400, 'ValidationException', Refused, 'Scheduler refuses it: told why'],
  [402, 'ServiceQuotaExceededException', QuotaExceeded, 'the quota of Scheduler is used up: told why'],
  [429, 'ThrottlingException', Unavailable, 'Scheduler is not available, try again soon'],
  [500, 'InternalServerException', Unavailable, 'Scheduler is not available, try again soon'],
])('what the Scheduler answers with %i %s is told as what it is', async (status, type, kind, message) => {
  const refusing = await openRefusing('http://127.0.0.1:1');
  refusing.refuseWhen(() => ({ status, type, message: 'told why' }));
  const { put } = openScheduler(clientOf(refusing.url), target);
  for (const isNew of [true, false]) {
    const failure = await put(newSettings(), isNew).catch((error) => error);
    expect(failure).toBeInstanceOf(kind);
    expect(failure.message).toBe(message);
  }
  refusing.close();
});
