import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { schedulesInForce } from '../../../localstack/clock/inForce';
import { type SchedulerApi, startSchedulerApi } from '../../../localstack/scheduler/api';
import { definition, groupName } from '../clock/world';

let api: SchedulerApi;
let client: SchedulerClient;
beforeEach(async () => {
  api = await startSchedulerApi();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SchedulerClient({ region: 'us-east-1', credentials, endpoint: api.url, maxAttempts: 1 });
  await client.send(new CreateScheduleGroupCommand({ Name: groupName }));
});
afterEach(async () => {
  client.destroy();
  await api.close();
});

const never = () => Promise.reject(new Error('nothing is lost'));

/** As a clock elsewhere gets to know it, of what a clock reads. */
const overHttp = async () => {
  const inForce = schedulesInForce(client, groupName);
  await inForce.refresh(never);
  return [...inForce.schedules()].map(
    ({ $metadata: _, ...schedule }: object & { $metadata?: unknown }) => schedule,
  );
};

const withoutUndefined = (schedule: object) =>
  Object.fromEntries(Object.entries(schedule).filter(([, value]) => value !== undefined));

test('a clock in the same process sees what one elsewhere does, at once', async () => {
  const here = api.inForce(groupName);
  const seen = () => [...here.schedules()].map(withoutUndefined);
  expect(seen()).toEqual([]);

  await client.send(new CreateScheduleCommand(definition('a', '* * * * ? *')));
  const dates = { StartDate: new Date('2030-01-01'), EndDate: new Date('2031-01-01') };
  await client.send(new CreateScheduleCommand({ ...definition('b', '0 * * * ? *'), ...dates }));
  await client.send(new CreateScheduleCommand({ ...definition('c', '0 * * * ? *'), State: 'DISABLED' }));
  await client.send(new CreateScheduleCommand({ ...definition('d', '0 * * * ? *'), GroupName: 'default' }));
  expect(seen().map(({ Name }) => Name)).toEqual(['a', 'b']);
  expect(seen()).toEqual(await overHttp());

  await client.send(new UpdateScheduleCommand(definition('b', '5 * * * ? *')));
  await client.send(new DeleteScheduleCommand({ Name: 'a', GroupName: groupName }));
  expect(seen()).toMatchObject([{ Name: 'b', ScheduleExpression: 'cron(5 * * * ? *)' }]);
  expect(seen()).toEqual(await overHttp());

  await client.send(new DeleteScheduleGroupCommand({ Name: groupName }));
  expect(seen()).toEqual([]);
});
