import { connect } from 'node:net';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { type SchedulerApi, startSchedulerApi } from '../../../localstack/scheduler/api';
import { clientOf } from './endpoint';
import { minimal } from './faults';

// What LocalStack is not asked: the bytes on the wire, and the embedded API's own promises.

const noon = Date.UTC(2026, 0, 1, 12);
let api: SchedulerApi;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
  api = await startSchedulerApi({ now: () => noon, region: 'eu-central-1', accountId: '123456789012' });
  client = clientOf(api.url);
});
afterAll(async () => {
  client.destroy();
  await api.close();
});

const schedule = (name: string) => minimal(name, 'default');
const body = (name: string) => JSON.stringify({ ...schedule(name), Name: undefined });
const create = (name: string) => client.send(new CreateScheduleCommand(schedule(name)));
const update = (name: string) => client.send(new UpdateScheduleCommand(schedule(name)));
const remove = (name: string) => client.send(new DeleteScheduleCommand({ Name: name }));
const modified = async (name: string) =>
  Number((await client.send(new GetScheduleCommand({ Name: name }))).LastModificationDate);

const ask = async (method: string, path: string, sent?: string | Buffer) => {
  const answer = await fetch(api.url + path, { method, ...(sent !== undefined && { body: sent }) });
  const { __type: type, Message: message } = JSON.parse(await answer.text());
  return { status: answer.status, type, message, header: answer.headers.get('x-amzn-errortype') };
};

test('listens on the loopback address only', () => {
  expect(new URL(api.url).hostname).toBe('127.0.0.1');
});

test('names the region and account it was given', async () => {
  const { ScheduleArn } = await create('arn');
  expect(ScheduleArn).toBe('arn:aws:scheduler:eu-central-1:123456789012:schedule/default/arn');
});

test('every update is newer by a millisecond at least, even within one', async () => {
  await create('versions');
  const first = await modified('versions');
  for (const later of [1, 2, 3]) {
    await update('versions');
    expect(await modified('versions')).toBe(first + later);
  }
});

test('a schedule deleted and made again is newer than it was, even within a millisecond', async () => {
  await create('again');
  await update('again');
  const before = await modified('again');
  await remove('again');
  await create('again');
  expect(await modified('again')).toBeGreaterThan(before);
});

test('dates are numbers of seconds since 1970', async () => {
  await create('dates');
  const answer = await fetch(`${api.url}/schedules/dates`);
  const { CreationDate } = JSON.parse(await answer.text());
  expect(CreationDate).toBeCloseTo(noon / 1000, 1);
});

test('an update sent again with its ClientToken changes nothing, nor fails once it was deleted', async () => {
  const sent = { ...schedule('tokens'), ClientToken: 'update-1' };
  await create('tokens');
  await client.send(new UpdateScheduleCommand(sent));
  const before = await modified('tokens');
  await client.send(new UpdateScheduleCommand(sent));
  expect(await modified('tokens')).toBe(before);
  const deletion = { Name: 'tokens', ClientToken: 'delete-1' };
  await client.send(new DeleteScheduleCommand(deletion));
  await client.send(new DeleteScheduleCommand(deletion));
});

test('a refused request does not use up its ClientToken', async () => {
  const sent = { ...schedule('unused'), ClientToken: 'unused-1' };
  const refused = client.send(new CreateScheduleCommand({ ...sent, GroupName: 'no-such-group' }));
  await expect(refused).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await client.send(new CreateScheduleCommand(sent));
});

test('a page has 100 schedules if nothing else is said, in the order of their names', async () => {
  const names = Array.from({ length: 101 }, (_, i) => `page-${String((i * 37) % 101).padStart(3, '0')}`);
  for (const name of names) await create(name);
  const { Schedules } = await client.send(new ListSchedulesCommand({ NamePrefix: 'page-' }));
  expect(Schedules?.map(({ Name }) => Name)).toEqual(names.toSorted().slice(0, 100));
});

test('the dates of a one-time schedule are ignored', async () => {
  await client.send(
    new CreateScheduleCommand({
      ...schedule('once'),
      ScheduleExpression: 'at(2099-01-01T00:00:00)',
      StartDate: new Date(0),
      EndDate: new Date(0),
    }),
  );
});

test('an error has its name in a header and in the body, and says all that is wrong', async () => {
  const { status, type, message, header } = await ask('POST', '/schedules/a%20b', '{"State":"x"}');
  expect({ status, type, header }).toEqual({
    status: 400,
    type: 'ValidationException',
    header: 'ValidationException',
  });
  for (const what of ['Name', 'ScheduleExpression', 'Target', 'FlexibleTimeWindow', 'State']) {
    expect(message).toContain(`'${what}'`);
  }
});

test('a member that is null is missing', async () => {
  const answer = await fetch(`${api.url}/schedules/nulls`, {
    method: 'POST',
    body: JSON.stringify({ ...JSON.parse(body('nulls')), State: null, Description: null }),
  });
  expect(answer.status).toBe(200);
});

test('unknown paths and methods are UnknownOperationException', async () => {
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/schedule'],
    ['POST', '/schedules'],
    ['PATCH', '/schedules/a'],
    ['GET', '/schedules/a/b'],
    ['GET', '//schedules/a'],
    ['GET', '/constructor/__proto__'],
  ] as const) {
    expect(await ask(method, path)).toMatchObject({ status: 404, type: 'UnknownOperationException' });
  }
});

test('a body that is no JSON object is SerializationException', async () => {
  for (const sent of ['{', '[]', '1', '"a"', 'null', Buffer.from([0xff, 0xfe])]) {
    expect(await ask('POST', '/schedules/a', sent)).toMatchObject({
      status: 400,
      type: 'SerializationException',
    });
  }
});

test('members of wrong types are ValidationException', async () => {
  for (const wrong of [1, true, [], {}, 'x', [[]], { Arn: {} }, -1e308]) {
    const members = Object.keys({ ...schedule('a'), StartDate: 0, State: 0, ClientToken: 0, GroupName: 0 });
    for (const member of members.filter((name) => name !== 'Name')) {
      if (typeof wrong === 'string' && ['ClientToken', 'GroupName'].includes(member)) continue;
      const sent = JSON.stringify({ ...JSON.parse(body('a')), [member]: wrong });
      expect(await ask('POST', '/schedules/a', sent)).toMatchObject({ type: 'ValidationException' });
    }
  }
});

test('a name that is not percent-encoded, or missing, is ValidationException', async () => {
  for (const path of ['/schedules/%', '/schedules/%ff', '/schedules/', '/schedules/%2e%2f']) {
    expect(await ask('GET', path)).toMatchObject({ status: 400, type: 'ValidationException' });
  }
});

test('a query that makes no sense is ValidationException', async () => {
  const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const query of [
    'MaxResults=',
    'MaxResults=1.5',
    'MaxResults=1e1',
    'State=x',
    'NamePrefix=%20',
    'NextToken=',
    `NextToken=${token(null)}`,
    `NextToken=${token({ group: 1, name: 'a' })}`,
  ]) {
    expect(await ask('GET', `/schedules?${query}`)).toMatchObject({ type: 'ValidationException' });
  }
});

test('a body of more than 2 MB is refused, not kept', async () => {
  const answer = await ask('POST', '/schedules/a', Buffer.alloc(3 * 1024 * 1024, 'a'));
  expect(answer).toMatchObject({ status: 413, type: 'RequestEntityTooLargeException' });
});

test('an input of 256 KB that is written with escapes is taken', async () => {
  const Input = JSON.stringify('\u0001'.repeat(43_690));
  const sent = { ...schedule('large'), Target: { ...schedule('large').Target, Input } };
  await client.send(new CreateScheduleCommand(sent));
  const found = await client.send(new GetScheduleCommand({ Name: 'large' }));
  expect(found.Target?.Input).toBe(Input);
});

test('it outlives callers that speak no HTTP or hang up half-way', async () => {
  const { hostname, port } = new URL(api.url);
  for (const sent of [
    'garbage\r\n\r\n',
    '\0\0\0\0',
    'POST /schedules/a HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{"half',
    'POST /schedules/a HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write(sent, () => socket.end()));
      socket.resume().once('error', () => {});
      socket.once('close', () => resolve());
    });
  }
  await create('alive');
});

test('it closes at once, idle connections or not, and its port is free', async () => {
  const first = await startSchedulerApi();
  await fetch(`${first.url}/schedules`);
  await first.close();
  const second = await startSchedulerApi({ port: Number(new URL(first.url).port) });
  expect(second.url).toBe(first.url);
  await expect(startSchedulerApi({ port: Number(new URL(first.url).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await second.close();
});
