import { setTimeout as realSleep } from 'node:timers/promises';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { until } from './manualTime';
import { definition, groupName, openWorld, stoodAt, type World } from './world';

let w: World;

beforeEach(async () => {
  w = await openWorld();
});
afterEach(() => w.close());

test('every due time is invoked once, with the due time filled in', async () => {
  await w.create('minutely', '* * * * ? *');
  await w.create('even', '*/2 * * * ? *');
  await w.run();
  await w.t.to('2026-03-01T10:04:10Z');
  await until(() => w.invoked.length >= 6);
  expect(w.timesOf('minutely')).toEqual(['10:01', '10:02', '10:03', '10:04']);
  expect(w.timesOf('even')).toEqual(['10:02', '10:04']);
  expect(w.invoked[0]?.time).toBe('2026-03-01T10:01:00Z');
});

test('a schedule made in the last second before a minute is invoked at it', async () => {
  await w.run();
  await w.t.to('2026-03-01T10:00:59.500Z');
  await w.create('late', '* * * * ? *');
  await w.t.to('2026-03-01T10:01:01Z');
  await until(() => w.timesOf('late').length === 1);
});

test('a schedule replaced, paused or deleted stops being invoked as before', async () => {
  await w.create('moved', '* * * * ? *');
  await w.create('paused', '* * * * ? *');
  await w.create('deleted', '* * * * ? *');
  await w.create('kept', '* * * * ? *');
  await w.create('kept-too', '* * * * ? *');
  await w.create('kept-three', '* * * * ? *');
  await w.run();
  await w.t.to('2026-03-01T10:01:10Z');
  await until(() => w.invoked.length === 6);
  await w.scheduler.send(new UpdateScheduleCommand(definition('moved', '3 * * * ? *')));
  await w.scheduler.send(
    new UpdateScheduleCommand({ ...definition('paused', '* * * * ? *'), State: 'DISABLED' }),
  );
  await w.scheduler.send(new DeleteScheduleCommand({ Name: 'deleted', GroupName: groupName }));
  await w.t.to('2026-03-01T10:03:10Z');
  await until(() => w.timesOf('kept').length === 3 && w.timesOf('moved').length === 2);
  expect(w.timesOf('moved')).toEqual(['10:01', '10:03']);
  expect(w.timesOf('paused')).toEqual(['10:01']);
  expect(w.timesOf('deleted')).toEqual(['10:01']);
});

test('a flexible window spreads schedules over it, and each is told its due time', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `spread-${n}`);
  for (const name of names) {
    const spread = { ...definition(name, '1 10 * * ? *') };
    const FlexibleTimeWindow = { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 10 };
    await w.scheduler.send(new CreateScheduleCommand({ ...spread, FlexibleTimeWindow }));
  }
  await w.run();
  await w.t.to('2026-03-01T10:06:00Z');
  await until(() => w.invoked.length > 0);
  expect(w.invoked.length).toBeLessThan(20);
  await w.clocks[0]?.stop();
  await w.run(); // a restart within the window
  await w.t.to('2026-03-01T10:11:00Z');
  await until(() => new Set(w.invoked.map(({ name }) => name)).size === 20);
  expect(new Set(w.invoked.map(({ time }) => time))).toEqual(new Set(['2026-03-01T10:01:00Z']));
});

test('a failed invoke is tried again until it succeeds', async () => {
  w.failing = (_, attempt) => attempt < 3;
  await w.create('flaky', '1 10 * * ? *');
  await w.run();
  for (const moment of ['10:01:01', '10:01:30', '10:02:00', '10:04:00']) {
    await w.t.to(`2026-03-01T${moment}Z`);
    await realSleep(50);
  }
  expect(w.timesOf('flaky')).toEqual(['10:01', '10:01', '10:01']);
  expect(w.letters).toEqual([]);
});

test('when the retries are used up the dead-letter queue gets the input and what went wrong', async () => {
  w.failing = () => true;
  const queue = 'arn:aws:sqs:us-east-1:000000000000:dead-letters';
  await w.create('broken', '1 10 * * ? *', {
    RetryPolicy: { MaximumRetryAttempts: 2 },
    DeadLetterConfig: { Arn: queue },
  });
  await w.run();
  for (const moment of ['10:01:01', '10:02:00', '10:03:00', '10:04:00']) {
    await w.t.to(`2026-03-01T${moment}Z`);
    await realSleep(50);
  }
  await until(() => w.letters.length === 1);
  expect(w.timesOf('broken')).toHaveLength(3);
  expect(w.letters[0]).toMatchObject({
    queueArn: queue,
    attributes: {
      ERROR_CODE: 'Broken',
      RETRY_ATTEMPTS: '2',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    },
  });
  expect(JSON.parse(w.letters[0]?.body ?? '')).toEqual({ name: 'broken', time: '2026-03-01T10:01:00Z' });
});

test('an expression that nobody can read holds up no other schedule', async () => {
  w.place = stoodAt('2026-03-01T10:00:00Z');
  await w.create('fine', '* * * * ? *');
  await w.create('strange', '0 0 31 2 ? *');
  await w.run();
  await w.t.to('2026-03-01T10:01:10Z');
  await until(() => w.timesOf('fine').length === 1);
  expect(w.timesOf('strange')).toEqual([]);
});
