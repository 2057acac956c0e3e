import { parseCron } from '../../../lib/schedule/cron/cron';
import { toScheduleExpression } from '../../../lib/schedule/cron/scheduleExpression';
import { ExpressionError, parseScheduleExpression } from '../../../localstack/clock/expression';

describe('an expression in the words of EventBridge', () => {
  test.each([
    ['* * * * *', 'cron(* * * * ? *)'],
    ['*/5 * * * *', 'cron(*/5 * * * ? *)'],
    ['5/15 * * * *', 'cron(5/15 * * * ? *)'],
    ['0,10,20,30,40,50 * * * *', 'cron(*/10 * * * ? *)'],
    ['10-40/10 * * * *', 'cron(10,20,30,40 * * * ? *)'],
    ['0 9-17 * * 1-5', 'cron(0 9-17 ? * MON-FRI *)'],
    ['0 0 * * 0', 'cron(0 0 ? * SUN *)'],
    ['0 0 * * 6,7', 'cron(0 0 ? * SUN,SAT *)'],
    ['0 0 * * 0-6', 'cron(0 0 * * ? *)'],
    ['0 0 1,15 * *', 'cron(0 0 1,15 * ? *)'],
    ['0 0 L * *', 'cron(0 0 L * ? *)'],
    ['0 0 15W * *', 'cron(0 0 15W * ? *)'],
    ['0 0 * * 5L', 'cron(0 0 ? * 6L *)'],
    ['0 0 * * sun#2', 'cron(0 0 ? * 1#2 *)'],
    ['0 0 1 1,2,3,7 *', 'cron(0 0 1 1-3,7 ? *)'],
    ['0 0 13 * 0-6', 'cron(0 0 * * ? *)'],
    ['0 0 28-31,L * *', 'cron(0 0 28-31 * ? *)'],
    ['0 0 * * 1,1L', 'cron(0 0 ? * MON *)'],
    ['@yearly', 'cron(0 0 1 1 ? *)'],
  ])('%s is exactly %s', (expression, translation) => {
    expect(toScheduleExpression(parseCron(expression))).toEqual({ expression: translation, exact: true });
  });

  test.each([
    ['0 0 13 * 5', 'cron(0 0 * * ? *)'],
    ['0 0 */2 * 1', 'cron(0 0 ? * MON *)'],
    ['0 0 */16 * 1-5', 'cron(0 0 1,17 * ? *)'],
    ['0 0 */2 * 5L', 'cron(0 0 ? * 6L *)'],
    ['0 0 1,L * *', 'cron(0 0 1,28-31 * ? *)'],
    ['0 0 L-3 * *', 'cron(0 0 25-28 * ? *)'],
    ['0 0 LW * *', 'cron(0 0 26-31 * ? *)'],
    ['0 0 1W,15W * *', 'cron(0 0 1-3,13-17 * ? *)'],
    ['0 0 31W * *', 'cron(0 0 29-31 * ? *)'],
    ['0 0 * * 1L,5L', 'cron(0 0 ? * MON,FRI *)'],
  ])('%s is widened to %s', (expression, translation) => {
    expect(toScheduleExpression(parseCron(expression))).toEqual({ expression: translation, exact: false });
  });
});

const utc = (text: string) => Date.parse(`${text}Z`);
const dates = (expression: string, from: string, days: number) => {
  const schedule = parseScheduleExpression(expression);
  return Array.from({ length: days }, (_, n) => utc(`${from}T00:00`) + n * 86_400_000)
    .filter((day) => schedule.lastDue('UTC', day - 1, day + 86_399_999, 0) !== null)
    .map((day) => new Date(day).toISOString().slice(0, 10));
};

describe('cron(...) as EventBridge runs it', () => {
  test.each([
    ['cron(0 0 L * ? *)', ['2026-01-31', '2026-02-28']],
    ['cron(0 0 L-2 * ? *)', ['2026-01-29', '2026-02-26']],
    ['cron(0 0 LW * ? *)', ['2026-01-30', '2026-02-27']],
    ['cron(0 0 1W * ? *)', ['2026-01-01', '2026-02-02']],
    ['cron(0 0 3W * ? *)', ['2026-01-02', '2026-02-03']],
    ['cron(0 0 4W * ? *)', ['2026-01-05', '2026-02-04']],
    ['cron(0 0 31W * ? *)', ['2026-01-30']],
    ['cron(0 0 31 2 ? *)', []],
    ['cron(0 0 ? * 6L *)', ['2026-01-30', '2026-02-27']],
    ['cron(0 0 ? * friL *)', ['2026-01-30', '2026-02-27']],
    ['cron(0 0 ? 2 L *)', ['2026-02-07', '2026-02-14', '2026-02-21', '2026-02-28']],
    ['cron(0 0 ? * 6#2 *)', ['2026-01-09', '2026-02-13']],
    ['cron(0 0 ? * MON#5 *)', []],
    ['cron(0 0 ? 1 1 *)', ['2026-01-04', '2026-01-11', '2026-01-18', '2026-01-25']],
    [
      'cron(0 0 ? FEB SAT-MON/2 2026)',
      [
        '2026-02-02',
        '2026-02-07',
        '2026-02-09',
        '2026-02-14',
        '2026-02-16',
        '2026-02-21',
        '2026-02-23',
        '2026-02-28',
      ],
    ],
    [
      'cron(0 0 ? JAN FRI-SUN 2026/4)',
      [
        '2026-01-02',
        '2026-01-03',
        '2026-01-04',
        '2026-01-09',
        '2026-01-10',
        '2026-01-11',
        '2026-01-16',
        '2026-01-17',
        '2026-01-18',
        '2026-01-23',
        '2026-01-24',
        '2026-01-25',
        '2026-01-30',
        '2026-01-31',
      ],
    ],
    [
      'cron(0 0 10/10 * ? 2025-2027/1)',
      ['2026-01-10', '2026-01-20', '2026-01-30', '2026-02-10', '2026-02-20'],
    ],
    ['cron(0 0 1 * ? 2027)', []],
  ])('%s', (expression, expected) => {
    expect(dates(expression, '2026-01-01', 59)).toEqual(expected);
  });

  test('hours may run over midnight', () => {
    const schedule = parseScheduleExpression('cron(0 22-2 * * ? *)');
    const hours = Array.from({ length: 24 }, (_, hour) => hour);
    expect(hours.filter((hour) => schedule.isDue('UTC', Date.UTC(2026, 0, 1, hour), 0))).toEqual([
      0, 1, 2, 22, 23,
    ]);
  });

  test('a late delivery is that of the newest due time, none older than the window', () => {
    const schedule = parseScheduleExpression('cron(0 2 * * ? *)');
    const at = utc('2026-05-05T02:00');
    expect(schedule.lastDue('UTC', at - 86_400_000, at, 0)).toEqual(new Date(at));
    expect(schedule.lastDue('UTC', at - 86_400_000, at - 1, 0)).toBeNull();
    expect(schedule.lastDue('UTC', at - 86_400_001, at - 1, 0)).toEqual(new Date(at - 86_400_000));
    expect(schedule.lastDue('UTC', at, at + 1000, 0)).toBeNull();
  });
});

describe('rate(...)', () => {
  const start = utc('2026-01-01T10:00:20');

  test('counts from the first whole minute of its start, which is the first due time', () => {
    const schedule = parseScheduleExpression('rate(5 minutes)');
    const minutes = Array.from({ length: 20 }, (_, n) => utc('2026-01-01T09:55') + n * 60_000);
    expect(minutes.filter((minute) => schedule.isDue('UTC', minute, start))).toEqual(
      ['10:01', '10:06', '10:11'].map((time) => utc(`2026-01-01T${time}`)),
    );
  });

  test('a day is 24 hours, over a change of the clocks too', () => {
    const schedule = parseScheduleExpression('rate(1 day)');
    const begin = utc('2026-03-28T12:00');
    expect(schedule.lastDue('Europe/Berlin', begin, begin + 90_000_000, begin)).toEqual(
      new Date('2026-03-29T12:00Z'),
    );
  });

  test('the newest due time lies in the window and never before the start', () => {
    const schedule = parseScheduleExpression('rate(2 hours)');
    expect(schedule.lastDue('UTC', start - 86_400_000, start, start)).toBeNull();
    expect(schedule.lastDue('UTC', start, start + 60_000, start)).toEqual(new Date('2026-01-01T10:01Z'));
    expect(schedule.lastDue('UTC', utc('2026-01-01T10:01'), utc('2026-01-01T12:00:59'), start)).toBeNull();
    expect(schedule.lastDue('UTC', start, utc('2026-01-01T15:00'), start)).toEqual(
      new Date('2026-01-01T14:01Z'),
    );
  });
});

describe('at(...)', () => {
  test('is due once, on the wall clock of its time zone, at its second', () => {
    const schedule = parseScheduleExpression('at(2026-07-01T10:00:30)');
    expect(schedule.isDue('Europe/Berlin', utc('2026-07-01T08:00'), 0)).toBe(true);
    expect(schedule.isDue('Europe/Berlin', utc('2026-07-01T08:01'), 0)).toBe(false);
    expect(schedule.lastDue('Europe/Berlin', 0, utc('2027-01-01T00:00'), 0)).toEqual(
      new Date('2026-07-01T08:00:30Z'),
    );
    expect(schedule.lastDue('Europe/Berlin', utc('2026-07-01T08:01'), utc('2027-01-01T00:00'), 0)).toBeNull();
  });

  test('a time that the clocks skip never comes', () => {
    const schedule = parseScheduleExpression('at(2026-03-29T02:30:00)');
    expect(schedule.lastDue('Europe/Berlin', 0, utc('2027-01-01T00:00'), 0)).toBeNull();
  });
});

describe('what the Scheduler refuses', () => {
  test.each([
    ...['', 'cron()', '* * * * *', 'cron(* * * * *)', 'cron(0 0 * * ? * *)', 'cron(0 0 * * * *)'],
    ...[
      'cron(0 0 ? * ? *)',
      'cron(0 0 1 * MON *)',
      'cron(60 0 * * ? *)',
      'cron(0 25 * * ? *)',
      'cron(0 24 * * ? *)',
    ],
    ...[
      'cron(0 0 32 * ? *)',
      'cron(0 0 0 * ? *)',
      'cron(0 0 1 13 ? *)',
      'cron(0 0 ? * 0 *)',
      'cron(0 0 ? * 8 *)',
    ],
    ...['cron(0 0 1 * ? 1969)', 'cron(0 0 1 * ? 2200)', 'cron(0 0 1 * ? 2030-2026)', 'cron(0/0 0 * * ? *)'],
    ...['cron(0 0 ? * MON#6 *)', 'cron(0 0 ? * 3#1,6#3 *)', 'cron(0 0 ? * FOO *)', 'cron(0 0 32W * ? *)'],
    ...[
      'cron(0 0 L-31 * ? *)',
      'cron(1, 0 * * ? *)',
      'cron(1- 0 * * ? *)',
      'cron(? 0 * * ? *)',
      'cron(0 0 * * ? *) ',
    ],
    ...['rate(0 minutes)', 'rate(minutes)', 'rate( minutes)', 'rate(1.5 hours)'],
    ...[
      'rate(-1 hours)',
      'rate(05 minutes)',
      'rate(5 seconds)',
      'rate(5 weeks)',
      'rate(5  minutes)',
      'Rate(5 minutes)',
    ],
    ...[
      'at()',
      'at(2026-02-31T00:00:00)',
      'at(2026-01-01T24:00:00)',
      'at(2026-01-01)',
      'at(2026-01-01T00:00:00Z)',
    ],
    ...['at(2026-01-01 00:00:00)', 'at(2026-13-01T00:00:00)', `cron(${'1,'.repeat(130)}1 0 * * ? *)`],
  ])('%j', (expression) => {
    expect(() => parseScheduleExpression(expression)).toThrow(ExpressionError);
  });

  test.each([
    ...[
      'cron(0 0 31 2 ? *)',
      'cron(0 0 ? * FRI-MON *)',
      'cron(0-15/5 8-17 ? * MON-FRI 2026-2030)',
      'rate(1 minute)',
    ],
    ...['rate(5 minutes)', 'rate(1 hour)', 'rate(1 day)', 'rate(30 days)', 'at(2020-01-01T00:00:00)'],
  ])('but not %j', (expression) => {
    expect(() => parseScheduleExpression(expression)).not.toThrow();
  });
});
