import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as realSleep } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { type Clock, startClock } from '../../localstack/clock/clock';
import type { DeadLetter } from '../../localstack/clock/delivery';
import { filePlace, type Place, type Standing } from '../../localstack/clock/place';
import { type SchedulerApi, startSchedulerApi } from '../../localstack/scheduler/api';
import { manualTime, until } from './manualTime';

const groupName = 'clock-test';
const client = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};

let api: SchedulerApi;
let scheduler: SchedulerClient;
let lambda: LambdaClient;
let target: Server;
let clocks: Clock[];
/** What the target was invoked with, and whether it is to fail. */
let invoked: { name: string; time: string }[];
let failing: (name: string, attempt: number) => boolean;
let letters: DeadLetter[];
let place: { at: Standing | undefined } & Place;
let losses: number;
let t: ReturnType<typeof manualTime>;

const startApi = async (port = 0) => {
  api = await startSchedulerApi({ port });
  scheduler = new SchedulerClient({ ...client, endpoint: api.url });
  await scheduler.send(new CreateScheduleGroupCommand({ Name: groupName }));
};

beforeEach(async () => {
  await startApi();
  invoked = [];
  failing = () => false;
  letters = [];
  clocks = [];
  losses = 0;
  t = manualTime('2026-03-01T10:00:30Z');
  place = {
    at: undefined,
    read: async () => place.at,
    write: async (at) => {
      place.at = at;
    },
  };
  const attempts = new Map<string, number>();
  target = createServer(async (request, response) => {
    const body = await request.setEncoding('utf8').reduce((text, chunk) => text + chunk, '');
    const { name, time } = JSON.parse(body);
    const attempt = (attempts.get(name + time) ?? 0) + 1;
    attempts.set(name + time, attempt);
    invoked.push({ name, time });
    if (failing(name, attempt)) response.setHeader('x-amz-function-error', 'Unhandled');
    response.end(failing(name, attempt) ? '{"errorType":"Broken","errorMessage":"no store"}' : '{}');
  }).listen(0, '127.0.0.1');
  await until(() => target.listening);
  const endpoint = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
  lambda = new LambdaClient({ ...client, endpoint });
});

afterEach(async () => {
  await Promise.all(clocks.map((clock) => clock.stop()));
  scheduler.destroy();
  lambda.destroy();
  await api.close();
  target.closeAllConnections();
  target.close();
});

const stoodAt = (moment: string): Standing => ({ since: Date.parse(moment), undelivered: new Map() });

const run = async (onLoss: () => Promise<void> = async () => {}) => {
  const clock = await startClock({
    scheduler,
    lambda,
    groupName,
    place,
    time: t.time,
    sendDeadLetter: async (letter) => {
      letters.push(letter);
    },
    onLoss: async () => {
      losses++;
      await onLoss();
    },
    onEvent: () => {},
  });
  clocks.push(clock);
  await realSleep(50); // its first look
  return clock;
};

const definition = (
  name: string,
  cron: string,
  more: Partial<CreateScheduleCommandInput['Target']> = {},
) => ({
  Name: name,
  GroupName: groupName,
  ScheduleExpression: `cron(${cron})`,
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  Target: {
    Arn: 'arn:aws:lambda:us-east-1:000000000000:function:computeAccuracy',
    RoleArn: 'arn:aws:iam::000000000000:role/local',
    Input: JSON.stringify({ name, time: '<aws.scheduler.scheduled-time>' }),
    ...more,
  },
});

const create = (...args: Parameters<typeof definition>) =>
  scheduler.send(new CreateScheduleCommand(definition(...args)));

const timesOf = (name: string) =>
  invoked.filter((one) => one.name === name).map(({ time }) => time.slice(11, 16));

test('every due time is invoked once, with the due time filled in', async () => {
  await create('minutely', '* * * * ? *');
  await create('even', '*/2 * * * ? *');
  await run();
  await t.to('2026-03-01T10:04:10Z');
  await until(() => invoked.length >= 6);
  expect(timesOf('minutely')).toEqual(['10:01', '10:02', '10:03', '10:04']);
  expect(timesOf('even')).toEqual(['10:02', '10:04']);
  expect(invoked[0]?.time).toBe('2026-03-01T10:01:00Z');
});

test('a schedule made in the last second before a minute is invoked at it', async () => {
  await run();
  await t.to('2026-03-01T10:00:59.500Z');
  await create('late', '* * * * ? *');
  await t.to('2026-03-01T10:01:01Z');
  await until(() => timesOf('late').length === 1);
});

test('a schedule replaced, paused or deleted stops being invoked as before', async () => {
  await create('moved', '* * * * ? *');
  await create('paused', '* * * * ? *');
  await create('deleted', '* * * * ? *');
  await create('kept', '* * * * ? *');
  await create('kept-too', '* * * * ? *');
  await create('kept-three', '* * * * ? *');
  await run();
  await t.to('2026-03-01T10:01:10Z');
  await until(() => invoked.length === 6);
  await scheduler.send(new UpdateScheduleCommand(definition('moved', '3 * * * ? *')));
  await scheduler.send(
    new UpdateScheduleCommand({ ...definition('paused', '* * * * ? *'), State: 'DISABLED' }),
  );
  await scheduler.send(new DeleteScheduleCommand({ Name: 'deleted', GroupName: groupName }));
  await t.to('2026-03-01T10:03:10Z');
  await until(() => timesOf('kept').length === 3 && timesOf('moved').length === 2);
  expect(timesOf('moved')).toEqual(['10:01', '10:03']);
  expect(timesOf('paused')).toEqual(['10:01']);
  expect(timesOf('deleted')).toEqual(['10:01']);
});

test('after a time without a clock the newest missed due time of each schedule is delivered, and only that', async () => {
  place.at = stoodAt('2026-03-01T09:10:00Z');
  await create('minutely', '* * * * ? *');
  await create('hourly', '0 * * * ? *');
  await create('earlier', '5 9 * * ? *');
  await run();
  await until(() => invoked.length === 2);
  expect(timesOf('minutely')).toEqual(['10:00']);
  expect(timesOf('hourly')).toEqual(['10:00']);
  expect(timesOf('earlier')).toEqual([]);
});

test('a missed due time older than its MaximumEventAgeInSeconds is not delivered', async () => {
  place.at = stoodAt('2026-03-01T09:10:00Z');
  await create('young', '0 10 * * ? *', { RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
  await create('old', '20 9 * * ? *', { RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
  await run();
  await until(() => timesOf('young').length === 1);
  expect(timesOf('old')).toEqual([]);
});

test('a flexible window spreads schedules over it, and each is told its due time', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `spread-${n}`);
  for (const name of names) {
    const spread = { ...definition(name, '1 10 * * ? *') };
    const FlexibleTimeWindow = { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 10 };
    await scheduler.send(new CreateScheduleCommand({ ...spread, FlexibleTimeWindow }));
  }
  await run();
  await t.to('2026-03-01T10:06:00Z');
  await until(() => invoked.length > 0);
  expect(invoked.length).toBeLessThan(20);
  await clocks[0]?.stop();
  await run(); // a restart within the window
  await t.to('2026-03-01T10:11:00Z');
  await until(() => new Set(invoked.map(({ name }) => name)).size === 20);
  expect(new Set(invoked.map(({ time }) => time))).toEqual(new Set(['2026-03-01T10:01:00Z']));
});

test('a failed invoke is tried again until it succeeds', async () => {
  failing = (_, attempt) => attempt < 3;
  await create('flaky', '1 10 * * ? *');
  await run();
  for (const moment of ['10:01:01', '10:01:30', '10:02:00', '10:04:00']) {
    await t.to(`2026-03-01T${moment}Z`);
    await realSleep(50);
  }
  expect(timesOf('flaky')).toEqual(['10:01', '10:01', '10:01']);
  expect(letters).toEqual([]);
});

test('when the retries are used up the dead-letter queue gets the input and what went wrong', async () => {
  failing = () => true;
  const queue = 'arn:aws:sqs:us-east-1:000000000000:dead-letters';
  await create('broken', '1 10 * * ? *', {
    RetryPolicy: { MaximumRetryAttempts: 2 },
    DeadLetterConfig: { Arn: queue },
  });
  await run();
  for (const moment of ['10:01:01', '10:02:00', '10:03:00', '10:04:00']) {
    await t.to(`2026-03-01T${moment}Z`);
    await realSleep(50);
  }
  await until(() => letters.length === 1);
  expect(timesOf('broken')).toHaveLength(3);
  expect(letters[0]).toMatchObject({
    queueArn: queue,
    attributes: {
      ERROR_CODE: 'Broken',
      RETRY_ATTEMPTS: '2',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    },
  });
  expect(JSON.parse(letters[0]?.body ?? '')).toEqual({ name: 'broken', time: '2026-03-01T10:01:00Z' });
});

test('a restart delivers every due time that was handed out and not delivered, and of later ones the newest', async () => {
  failing = (name) => name === 'broken';
  await create('broken', '* * * * ? *');
  await create('fine', '* * * * ? *');
  const clock = await run();
  await t.to('2026-03-01T10:03:10Z');
  await until(() => timesOf('fine').length === 3);
  await clock.stop();
  failing = () => false;
  invoked = [];
  t.set('2026-03-01T10:07:30Z');
  await run();
  await until(() => timesOf('broken').length === 4);
  expect(timesOf('broken').sort()).toEqual(['10:01', '10:02', '10:03', '10:07']);
  expect(timesOf('fine')).toEqual(['10:07']);
});

test('what is handed out is on disk before it is delivered', async () => {
  await create('minutely', '* * * * ? *');
  let onDisk: unknown;
  failing = (name) => {
    onDisk = place.at?.undelivered.get(name);
    return false;
  };
  await run();
  await t.to('2026-03-01T10:01:10Z');
  await until(() => timesOf('minutely').length === 1);
  expect(onDisk).toEqual([Date.parse('2026-03-01T10:01:00Z')]);
  await until(() => place.at?.undelivered.size === 0);
});

test('a clock killed before its place followed delivers what it had handed out once', async () => {
  await create('minutely', '* * * * ? *');
  place.at = stoodAt('2026-03-01T09:59:00Z');
  place.at.undelivered.set('minutely', [Date.parse('2026-03-01T10:00:00Z')]);
  await run();
  await t.to('2026-03-01T10:01:10Z');
  await until(() => timesOf('minutely').includes('10:01'));
  expect(timesOf('minutely')).toEqual(['10:00', '10:01']);
});

test('what was not delivered of a schedule that is no more is forgotten', async () => {
  place.at = { ...stoodAt('2026-03-01T10:00:00Z'), undelivered: new Map([['gone', [1]]]) };
  await run();
  await t.to('2026-03-01T10:01:10Z');
  await until(() => place.at?.undelivered.size === 0);
});

test('the place follows when everything is delivered', async () => {
  await create('minutely', '* * * * ? *');
  await run();
  await t.to('2026-03-01T10:02:10Z');
  await until(() => place.at?.since === Date.parse('2026-03-01T10:02:00Z'));
});

test('the place in a file is the one that was written, and none where the file cannot be read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'place-'));
  const file = join(folder, 'place');
  expect(await filePlace(file).read()).toBeUndefined();
  const standing = { since: 60_000, undelivered: new Map([['a', [0, 60_000]]]) };
  await filePlace(file).write(standing);
  expect(await filePlace(file).read()).toEqual(standing);
  for (const text of [
    '{"since":"2026',
    '{"since":"soon","undelivered":{}}',
    '{"since":1,"undelivered":null}',
  ]) {
    writeFileSync(file, text);
    expect(await filePlace(file).read()).toBeUndefined();
  }
  rmSync(folder, { recursive: true });
});

test('while the Scheduler is away what is known goes on', async () => {
  await create('minutely', '* * * * ? *');
  await run();
  await api.close();
  await t.to('2026-03-01T10:02:10Z');
  await until(() => timesOf('minutely').length === 2);
  expect(losses).toBe(0);
});

test('a Scheduler that lost its state is noticed before the next minute, and filled again', async () => {
  await create('minutely', '* * * * ? *');
  await run(async () => {
    await create('minutely', '* * * * ? *');
  });
  await t.to('2026-03-01T10:01:10Z');
  const port = Number(new URL(api.url).port);
  await api.close();
  await startApi(port);
  await t.to('2026-03-01T10:01:57Z');
  await until(() => losses === 1);
  await t.to('2026-03-01T10:03:10Z');
  await until(() => timesOf('minutely').length === 3);
  expect(timesOf('minutely')).toEqual(['10:01', '10:02', '10:03']);
});

test('a system clock that steps back repeats no due time', async () => {
  await create('minutely', '* * * * ? *');
  await run();
  await t.to('2026-03-01T10:02:10Z');
  await until(() => timesOf('minutely').length === 2);
  t.set('2026-03-01T10:00:40Z');
  await t.to('2026-03-01T10:04:10Z');
  await until(() => timesOf('minutely').includes('10:04'));
  expect(timesOf('minutely')).toEqual(['10:01', '10:02', '10:03', '10:04']);
});

test('an expression that nobody can read holds up no other schedule', async () => {
  place.at = stoodAt('2026-03-01T10:00:00Z');
  await create('fine', '* * * * ? *');
  await create('strange', '0 0 31 2 ? *');
  await run();
  await t.to('2026-03-01T10:01:10Z');
  await until(() => timesOf('fine').length === 1);
  expect(timesOf('strange')).toEqual([]);
});
