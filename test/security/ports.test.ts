import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { resolve } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { fromHosts, signedWith } from '../../localstack/access';
import { type LambdaService, startLambdaService } from '../../localstack/lambda/service';
import { type SchedulerApi, startSchedulerApi } from '../../localstack/scheduler/api';

// What another user of the machine, or a web page in a browser on it, gets from the local Scheduler, Invoke and Runtime
// APIs. They are started with the access that the launcher and the container `clock` give them.

const accessKeyId = `local${randomBytes(16).toString('hex')}`;
const access = { admit: signedWith(accessKeyId) };
const credentials = { accessKeyId, secretAccessKey: 'any' };

let scheduler: SchedulerApi;
let lambda: LambdaService;

beforeAll(async () => {
  scheduler = await startSchedulerApi({ access });
  lambda = await startLambdaService({
    access,
    closeGraceMs: 0,
    functions: {
      started: {
        timeoutMs: 20_000,
        environments: {
          runtimeClient: resolve('.build/runtimeClient.js'),
          taskRoot: resolve('test/localstack/lambda/functions'),
          handler: 'echo.handler',
        },
      },
      elsewhere: { timeoutMs: 20_000 },
    },
  });
});
afterAll(async () => {
  await lambda.close();
  await scheduler.close();
});

const signedBy = (key: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260301/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0`,
});

const call = async (url: string, method = 'GET', headers: Record<string, string> = {}, body = '') => {
  const outgoing = request(url, { method, headers }).end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const text = Buffer.concat(await incoming.toArray()).toString();
  return { status: incoming.statusCode, text };
};

const forbidden = { status: 403, text: '{"message":"Forbidden"}' };

const schedules = () => `${scheduler.url}/schedules`;
const invocations = () => `${lambda.url}/2015-03-31/functions/started/invocations`;
const runtime = () => `http://${lambda.runtimeApi.elsewhere}/2018-06-01/runtime`;
const withoutSecret = () => runtime().replace(/(:\d+)\/[0-9a-f]{32}\//, '$1/');

test('the SDK with the key of this start is answered, and its functions run', async () => {
  const client = { region: 'us-east-1', credentials, maxAttempts: 1 };
  const schedulerClient = new SchedulerClient({ ...client, endpoint: scheduler.url });
  expect((await schedulerClient.send(new ListSchedulesCommand())).Schedules).toEqual([]);
  const lambdaClient = new LambdaClient({ ...client, endpoint: lambda.url });
  const { StatusCode, FunctionError } = await lambdaClient.send(
    new InvokeCommand({ FunctionName: 'started' }),
  );
  expect([StatusCode, FunctionError]).toEqual([200, undefined]);
});

test.each([
  ['no signature', {}],
  ['another key', signedBy('local')],
  ['the beginning of the key', signedBy(accessKeyId.slice(0, -1))],
  ['the key and more', signedBy(`${accessKeyId}0`)],
  ['an empty key', signedBy('')],
  ['the key in another scheme', { authorization: `Basic ${accessKeyId}` }],
])('the Scheduler and Invoke APIs answer 403 to %s', async (_, headers) => {
  for (const [url, method] of [
    [schedules(), 'GET'],
    [`${scheduler.url}/schedule-groups/default`, 'DELETE'],
    [`${scheduler.url}/nothing`, 'GET'],
    [invocations(), 'POST'],
    [`${lambda.url}/health`, 'GET'],
  ] as const) {
    expect(await call(url, method, headers as Record<string, string>)).toEqual(forbidden);
  }
});

test('the Runtime API answers 403 without the secret of its address', async () => {
  expect(withoutSecret()).not.toBe(runtime());
  const wrong = withoutSecret().replace('/2018', `/${'0'.repeat(32)}/2018`);
  for (const base of [withoutSecret(), wrong]) {
    expect(await call(`${base}/invocation/next`)).toEqual(forbidden);
    expect(await call(`${base}/invocation/some-id/response`, 'POST', {}, '"forged"')).toEqual(forbidden);
    expect(await call(`${base}/init/error`, 'POST', {}, '{}')).toEqual(forbidden);
  }
  expect((await call(`${runtime()}/invocation/some-id/response`, 'POST', {}, '1')).status).toBe(400);
});

test('each environment has a secret of its own', () => {
  const secrets = Object.values(lambda.runtimeApi).map((address) => address.split('/')[1]);
  expect(secrets).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/)]);
  expect(new Set(secrets).size).toBe(2);
});

test.each([
  ['Origin', { origin: 'http://localhost:3000' }],
  ['Origin null', { origin: 'null' }],
  ['Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin' }],
  ['Sec-Fetch-Dest', { 'sec-fetch-dest': 'empty' }],
  ['a Host of its own', { host: 'rebound.example:80' }],
  ['our Host with another port', { host: 'localhost:1' }],
  ['a Host that begins as ours', { host: '127.0.0.1.example' }],
])('a request as a web page sends it, with %s, gets 403, whatever secret it has', async (_, headers) => {
  const signed = { ...signedBy(accessKeyId), ...(headers as Record<string, string>) };
  expect(await call(schedules(), 'GET', signed)).toEqual(forbidden);
  expect(await call(invocations(), 'POST', signed)).toEqual(forbidden);
  expect(await call(`${runtime()}/invocation/next`, 'GET', signed)).toEqual(forbidden);
});

test('the loopback interface may be named in any way', async () => {
  const { port } = new URL(scheduler.url);
  for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
    const headers = { ...signedBy(accessKeyId), host: `${host}:${port}` };
    expect((await call(schedules(), 'GET', headers)).status).toBe(200);
  }
});

test('under Docker a port answers the containers of named services only, by their addresses', async () => {
  const names = (admitted: string) => ({ hosts: ['clock'], admit: fromHosts(admitted) });
  const [open, closed] = await Promise.all(
    ['localhost', 'no-such-service.invalid'].map((name) => startSchedulerApi({ access: names(name) })),
  );
  const headers = { host: `clock:${new URL((open as SchedulerApi).url).port}` };
  expect((await call(`${open?.url}/schedules`, 'GET', headers)).status).toBe(200);
  expect(await call(`${closed?.url}/schedules`)).toEqual(forbidden);
  await Promise.all([open?.close(), closed?.close()]);
});
