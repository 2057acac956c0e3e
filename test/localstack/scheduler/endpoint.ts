import {
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { startSchedulerApi } from '../../../localstack/scheduler/api';

const given = process.env.SCHEDULER_TEST_ENDPOINT;

/** Whether SCHEDULER_TEST_ENDPOINT leads the tests to a LocalStack. */
export const isLocalStack = given !== undefined;

export const clientOf = (endpoint: string) =>
  new SchedulerClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

/** A client of the endpoint given, or of an embedded API of its own, and a group for each name. */
export const openEndpoint = async (...groups: string[]) => {
  const api = given === undefined ? await startSchedulerApi() : undefined;
  const client = clientOf(given ?? (api?.url as string));
  for (const Name of groups) await client.send(new CreateScheduleGroupCommand({ Name }));
  const close = async () => {
    for (const Name of groups) await client.send(new DeleteScheduleGroupCommand({ Name }));
    client.destroy();
    await api?.close();
  };
  return { client, close };
};
