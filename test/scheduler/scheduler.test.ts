import { GetScheduleCommand, ListSchedulesCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Settings } from '../../../lib/schedule/schedule';
import {
  deleteSchedule,
  putSchedule,
  type Scheduler,
  scheduleDefinition,
} from '../../../lib/scheduler/scheduler';
import { clientOf, openEndpoint } from './endpoint';

const group = 'test-scheduler';
const target = {
  groupName: group,
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:computeAccuracy',
  roleArn: 'arn:aws:iam::000000000000:role/scheduler',
  deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters',
};

let client: SchedulerClient;
let close: () => Promise<void>;
let scheduler: Scheduler;

beforeAll(async () => {
  ({ client, close } = await openEndpoint(group));
  scheduler = { client, target };
});
afterAll(() => close());

let models = 0;
const newSettings = (): Settings => ({
  model_id: `00000000-0000-4000-8000-${String(++models).padStart(12, '0')}`,
  cron_expression: '*/5 * * * *',
  timezone: 'Europe/Berlin',
  enabled: true,
  flexible_window_minutes: 0,
});

const found = ({ model_id }: Settings) =>
  client.send(new GetScheduleCommand({ Name: model_id, GroupName: group }));

const count = async (prefix: string) => {
  const page = new ListSchedulesCommand({ GroupName: group, NamePrefix: prefix });
  return (await client.send(page)).Schedules?.length;
};

it('putSchedule makes a schedule that reads back as it was defined', async () => {
  const settings = newSettings();
  await putSchedule(scheduler, settings, true);
  expect(await found(settings)).toMatchObject(scheduleDefinition(settings, target));
});

it('putSchedule replaces the whole of a schedule', async () => {
  const settings = newSettings();
  await putSchedule(scheduler, settings, true);
  const changed = {
    ...settings,
    cron_expression: '0 8 13 * 5',
    timezone: 'UTC',
    enabled: false,
    flexible_window_minutes: 15,
  };
  await putSchedule(scheduler, changed, false);
  expect(await found(settings)).toMatchObject(scheduleDefinition(changed, target));
});

it('putSchedule makes the schedule that was thought to be there', async () => {
  const settings = newSettings();
  await putSchedule(scheduler, settings, false);
  expect(await found(settings)).toMatchObject(scheduleDefinition(settings, target));
});

it('putSchedule replaces the schedule that was thought to be missing', async () => {
  const settings = newSettings();
  await putSchedule(scheduler, settings, true);
  await putSchedule(scheduler, { ...settings, enabled: false }, true);
  expect((await found(settings)).State).toBe('DISABLED');
});

it('deleteSchedule of a schedule that is gone does nothing', async () => {
  const settings = newSettings();
  await putSchedule(scheduler, settings, true);
  await deleteSchedule(scheduler, settings.model_id);
  await deleteSchedule(scheduler, settings.model_id);
  expect(await count(settings.model_id)).toBe(0);
});

it('40 putSchedule of one name at once end with one schedule, as one of them wanted it', async () => {
  const settings = newSettings();
  const wanted = Array.from({ length: 40 }, (_, i) => ({ ...settings, cron_expression: `${i} * * * *` }));
  await Promise.all(wanted.map((each) => putSchedule(scheduler, each, true)));
  expect(await count(settings.model_id)).toBe(1);
  const { ScheduleExpression } = await found(settings);
  const expressions = wanted.map((each) => scheduleDefinition(each, target).ScheduleExpression);
  expect(expressions).toContain(ScheduleExpression);
});

it('a Scheduler that is away is Unavailable', async () => {
  const away = { client: clientOf('http://127.0.0.1:1'), target };
  await expect(putSchedule(away, newSettings(), true)).rejects.toMatchObject({
    name: 'Unavailable',
    status: 503,
  });
  await expect(deleteSchedule(away, 'a')).rejects.toMatchObject({ name: 'Unavailable', status: 503 });
});
