import { DeleteScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { until } from './manualTime';
import { definition, groupName, openWorld, type World } from './world';

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

test('schedules of every group are invoked, also of one name', async () => {
  await w.create('same', '* * * * ? *');
  await w.create('same', '* * * * ? *', { GroupName: 'default' });
  await w.run();
  await w.until('10:01:10', 'same', 2);
});

test('a schedule made in the last second before a minute is invoked at it', async () => {
  await w.run();
  await w.t.to('2026-03-01T10:00:59.500Z');
  await w.create('late', '* * * * ? *');
  await w.until('10:01:01', 'late', 1);
});

test('a schedule replaced, paused or deleted stops being invoked as before', async () => {
  for (const name of ['moved', 'paused', 'deleted', 'kept', 'kept-too', 'kept-three']) {
    await w.create(name, '* * * * ? *');
  }
  await w.run();
  await w.t.to('2026-03-01T10:01:10Z');
  await until(() => w.invoked.length === 6);
  await w.scheduler.send(new UpdateScheduleCommand(definition('moved', '3 * * * ? *')));
  await w.scheduler.send(
    new UpdateScheduleCommand(definition('paused', '* * * * ? *', { State: 'DISABLED' })),
  );
  await w.scheduler.send(new DeleteScheduleCommand({ Name: 'deleted', GroupName: groupName }));
  await w.t.to('2026-03-01T10:03:10Z');
  await until(() => w.timesOf('kept').length === 3 && w.timesOf('moved').length === 2);
  expect(w.timesOf('moved')).toEqual(['10:01', '10:03']);
  expect(w.timesOf('paused')).toEqual(['10:01']);
  expect(w.timesOf('deleted')).toEqual(['10:01']);
});

test('an expression that nobody can read holds up no other schedule', async () => {
  await w.create('fine', '* * * * ? *');
  await w.create('strange', '0 0 31 2 ? *');
  await w.run();
  await w.until('10:01:10', 'fine', 1);
  expect(w.timesOf('strange')).toEqual([]);
});

test('minutes in which no clock ran are not fired later: watch finds them', async () => {
  await w.create('minutely', '* * * * ? *');
  await w.create('hourly', '0 * * * ? *');
  const clock = await w.run();
  await w.until('10:01:10', 'minutely', 1);
  await clock.stop();
  w.t.set('2026-03-01T11:05:30Z');
  await w.run();
  await w.until('11:06:10', 'minutely', 2);
  expect(w.timesOf('minutely')).toEqual(['10:01', '11:06']);
  expect(w.timesOf('hourly')).toEqual([]);
});

test('a process that stalled over a minute fires its newest due time, and none twice', async () => {
  await w.create('minutely', '* * * * ? *');
  await w.run();
  await w.until('10:01:10', 'minutely', 1);
  w.t.set('2026-03-01T10:03:20Z');
  await w.until('10:04:10', 'minutely', 3);
  expect(w.timesOf('minutely')).toEqual(['10:01', '10:03', '10:04']);
});

test('a process that slept for hours fires nothing of them', async () => {
  await w.create('early', '30 10 * * ? *');
  await w.create('minutely', '* * * * ? *');
  await w.run();
  await w.until('10:01:10', 'minutely', 1);
  w.t.set('2026-03-01T13:00:20Z');
  await w.until('13:01:10', 'minutely', 3);
  expect(w.timesOf('minutely')).toEqual(['10:01', '13:00', '13:01']);
  expect(w.timesOf('early')).toEqual([]);
});

test('a system clock that steps back repeats no due time', async () => {
  await w.create('minutely', '* * * * ? *');
  await w.run();
  await w.until('10:02:10', 'minutely', 2);
  w.t.set('2026-03-01T10:00:40Z');
  await w.t.to('2026-03-01T10:04:10Z');
  await until(() => w.timesOf('minutely').includes('10:04'));
  expect(w.timesOf('minutely')).toEqual(['10:01', '10:02', '10:03', '10:04']);
});

test('while the Scheduler is away the schedules that are known go on', async () => {
  await w.create('minutely', '* * * * ? *');
  await w.run();
  await w.api.close();
  await w.until('10:02:10', 'minutely', 2);
  expect(w.losses).toBe(0);
  expect(w.events).toContainEqual(expect.objectContaining({ message: 'Scheduler not available' }));
});

test('a Scheduler that lost its state is noticed before the next minute, and filled again', async () => {
  await w.create('minutely', '* * * * ? *');
  await w.run(async () => {
    await w.create('minutely', '* * * * ? *');
  });
  await w.t.to('2026-03-01T10:01:10Z');
  await w.loseScheduler();
  await w.t.to('2026-03-01T10:01:57Z');
  await until(() => w.losses === 1);
  await w.until('10:03:10', 'minutely', 3);
  expect(w.timesOf('minutely')).toEqual(['10:01', '10:02', '10:03']);
});

test('while a lost state cannot be put back the schedules that are known go on', async () => {
  await w.create('minutely', '* * * * ? *');
  await w.run(() => Promise.reject(new Error('no database')));
  await w.t.to('2026-03-01T10:01:10Z');
  await w.loseScheduler();
  await w.until('10:03:10', 'minutely', 3);
  expect(w.losses).toBeGreaterThan(1);
});
