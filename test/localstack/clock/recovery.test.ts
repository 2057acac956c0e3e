import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filePlace } from '../../../localstack/clock/place';
import { until } from './manualTime';
import { openWorld, stoodAt, type World } from './world';

let w: World;

beforeEach(async () => {
  w = await openWorld();
});
afterEach(() => w.close());

test('after a time without a clock the newest missed due time of each schedule is delivered, and only that', async () => {
  w.place = stoodAt('2026-03-01T09:10:00Z');
  await w.create('minutely', '* * * * ? *');
  await w.create('hourly', '0 * * * ? *');
  await w.create('earlier', '5 9 * * ? *');
  await w.run();
  await until(() => w.invoked.length === 2);
  expect(w.timesOf('minutely')).toEqual(['10:00']);
  expect(w.timesOf('hourly')).toEqual(['10:00']);
  expect(w.timesOf('earlier')).toEqual([]);
});

test('a missed due time older than its MaximumEventAgeInSeconds is not delivered', async () => {
  w.place = stoodAt('2026-03-01T09:10:00Z');
  await w.create('young', '0 10 * * ? *', { RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
  await w.create('old', '20 9 * * ? *', { RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
  await w.run();
  await until(() => w.timesOf('young').length === 1);
  expect(w.timesOf('old')).toEqual([]);
});

test('a restart delivers every due time that was handed out and not delivered, and of later ones the newest', async () => {
  w.failing = (name) => name === 'broken';
  await w.create('broken', '* * * * ? *');
  await w.create('fine', '* * * * ? *');
  const clock = await w.run();
  await w.t.to('2026-03-01T10:03:10Z');
  await until(() => w.timesOf('fine').length === 3);
  await clock.stop();
  w.failing = () => false;
  w.invoked = [];
  w.t.set('2026-03-01T10:07:30Z');
  await w.run();
  await until(() => w.timesOf('broken').length === 4);
  expect(w.timesOf('broken').sort()).toEqual(['10:01', '10:02', '10:03', '10:07']);
  expect(w.timesOf('fine')).toEqual(['10:07']);
});

test('what is handed out is on disk before it is delivered', async () => {
  await w.create('minutely', '* * * * ? *');
  let onDisk: unknown;
  w.failing = (name) => {
    onDisk = w.place?.undelivered.get(name);
    return false;
  };
  await w.run();
  await w.t.to('2026-03-01T10:01:10Z');
  await until(() => w.timesOf('minutely').length === 1);
  expect(onDisk).toEqual([Date.parse('2026-03-01T10:01:00Z')]);
  await until(() => w.place?.undelivered.size === 0);
});

test('a clock killed before its place followed delivers what it had handed out once', async () => {
  await w.create('minutely', '* * * * ? *');
  w.place = stoodAt('2026-03-01T09:59:00Z');
  w.place.undelivered.set('minutely', [Date.parse('2026-03-01T10:00:00Z')]);
  await w.run();
  await w.t.to('2026-03-01T10:01:10Z');
  await until(() => w.timesOf('minutely').includes('10:01'));
  expect(w.timesOf('minutely')).toEqual(['10:00', '10:01']);
});

test('what was not delivered of a schedule that is no more is forgotten', async () => {
  w.place = { ...stoodAt('2026-03-01T10:00:00Z'), undelivered: new Map([['gone', [1]]]) };
  await w.run();
  await w.t.to('2026-03-01T10:01:10Z');
  await until(() => w.place?.undelivered.size === 0);
});

test('the place follows when everything is delivered', async () => {
  await w.create('minutely', '* * * * ? *');
  await w.run();
  await w.t.to('2026-03-01T10:02:10Z');
  await until(() => w.place?.since === Date.parse('2026-03-01T10:02:00Z'));
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
  await w.create('minutely', '* * * * ? *');
  await w.run();
  await w.api.close();
  await w.t.to('2026-03-01T10:02:10Z');
  await until(() => w.timesOf('minutely').length === 2);
  expect(w.losses).toBe(0);
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
  await w.t.to('2026-03-01T10:03:10Z');
  await until(() => w.timesOf('minutely').length === 3);
  expect(w.timesOf('minutely')).toEqual(['10:01', '10:02', '10:03']);
});

test('a system clock that steps back repeats no due time', async () => {
  await w.create('minutely', '* * * * ? *');
  await w.run();
  await w.t.to('2026-03-01T10:02:10Z');
  await until(() => w.timesOf('minutely').length === 2);
  w.t.set('2026-03-01T10:00:40Z');
  await w.t.to('2026-03-01T10:04:10Z');
  await until(() => w.timesOf('minutely').includes('10:04'));
  expect(w.timesOf('minutely')).toEqual(['10:01', '10:02', '10:03', '10:04']);
});
