import { CreateScheduleGroupCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { openScheduler } from '../../lib/scheduler/scheduler';
import { startSchedulerApi } from '../../localstack/scheduler/api';
import { openStores } from '../setup/stores';

const target = {
  groupName: 'test',
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:computeAccuracy',
  roleArn: 'arn:aws:iam::000000000000:role/scheduler',
  deadLetterArn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters',
};

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Real stores and a real Scheduler of a test file's own, open to everybody. */
export const openWorld = async () => {
  process.env.API_ACCESS = 'local';
  const stores = await openStores();
  const api = await startSchedulerApi({});
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SchedulerClient({ region: 'us-east-1', endpoint: api.url, credentials, maxAttempts: 1 });
  await client.send(new CreateScheduleGroupCommand({ Name: target.groupName }));
  return {
    ...stores,
    scheduler: openScheduler(client, target),
    schedulerClient: client,
    target,
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

interface Request {
  params?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** What API Gateway makes of a request; bytes go as base64. */
export const eventOf = ({ params, query, headers = {}, body }: Request = {}): APIGatewayProxyEventV2 =>
  ({
    ...(params && { pathParameters: params }),
    ...(query && { queryStringParameters: query }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : body.toString('base64') }),
    isBase64Encoded: Buffer.isBuffer(body),
  }) as unknown as APIGatewayProxyEventV2;

export const bodyOf = (answer: APIGatewayProxyStructuredResultV2) => JSON.parse(answer.body as string);
