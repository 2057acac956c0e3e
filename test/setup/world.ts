import { CreateScheduleGroupCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Invoker } from '../../lib/runtime/invoker';
import type { Settings } from '../../lib/schedule/schedule';
import { openScheduler } from '../../lib/scheduler/scheduler';
import { startSchedulerApi } from '../../localstack/scheduler/api';
import { openStores } from './stores';

export const target = {
  groupName: 'test',
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:computeAccuracy',
  roleArn: 'arn:aws:iam::000000000000:role/scheduler',
  deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters',
};

export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** A client that does not try again. */
export const schedulerClient = (endpoint: string) =>
  new SchedulerClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });

/** Notes what it is to invoke, and invokes nothing. */
export const recordingInvoker = () => {
  const events: Record<string, unknown>[] = [];
  const note = async (event: object) => void events.push({ ...event });
  return { events, invoke: note, invokeLater: note } satisfies Invoker & { events: unknown };
};

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Real stores and a real Scheduler of a test file's own, open to everybody. */
export const openWorld = async () => {
  process.env.API_ACCESS = 'local';
  const stores = await openStores();
  const api = await startSchedulerApi({});
  const client = schedulerClient(api.url);
  await client.send(new CreateScheduleGroupCommand({ Name: target.groupName }));
  return {
    ...stores,
    schedulerUrl: api.url,
    schedulerClient: client,
    scheduler: openScheduler(client, target),
    runs: recordingInvoker(),
    /** The Scheduler's schedule of a model; undefined if there is none. */
    scheduled: (modelId: string) =>
      client
        .send(new GetScheduleCommand({ GroupName: target.groupName, Name: modelId }))
        .catch((error) => (error.name === 'ResourceNotFoundException' ? undefined : Promise.reject(error))),
    close: async () => {
      client.destroy();
      await api.close();
      await stores.close();
    },
  };
};

export const modelNamed = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** What a request for a model has, where it leaves out all it may. */
export const settingsOf = (n: number, changes: Partial<Settings> = {}): Settings => ({
  model_id: modelNamed(n),
  cron_expression: '*/5 * * * *',
  timezone: 'UTC',
  enabled: true,
  flexible_window_minutes: 0,
  catch_up: 'last',
  task: 'classification',
  metrics: ['accuracy'],
  pos_label: null,
  labels: null,
  name: null,
  description: null,
  tags: [],
  max_data_age_minutes: null,
  data: 'newest_row',
  min_samples: null,
  min_coverage: null,
  segments: [],
  revise_for: 'P7D',
  ...changes,
});
