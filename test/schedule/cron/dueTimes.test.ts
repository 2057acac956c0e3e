import { isDue, nextDue, nextDues, parseCron, previousDue } from '../../../lib/schedule/cron/cron';

const dues = (expression: string, timezone: string, after: string, count: number) =>
  nextDues(parseCron(expression), timezone, new Date(after), count).map((due) =>
    due.toISOString().replace(':00.000Z', 'Z'),
  );

describe('when the clocks change', () => {
  test('a local time that is skipped does not run: 02:30 in Berlin on 29 March', () => {
    expect(dues('30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00Z', 2)).toEqual([
      '2026-03-28T01:30Z',
      '2026-03-30T00:30Z',
    ]);
  });

  test('a local time that comes twice runs once, the first time: 02:30 in Berlin on 25 October', () => {
    expect(dues('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
  });

  test('every hour on the hour leaves out the repeated hour', () => {
    expect(dues('0 * * * *', 'America/New_York', '2026-11-01T04:30Z', 3)).toEqual([
      '2026-11-01T05:00Z',
      '2026-11-01T07:00Z',
      '2026-11-01T08:00Z',
    ]);
  });

  test('within the repeated hour nothing is due: the next is after it and the previous before it', () => {
    const everyMinute = parseCron('* * * * *');
    const again = new Date('2026-10-25T01:10Z');
    expect(isDue(everyMinute, 'Europe/Berlin', again)).toBe(false);
    expect(nextDue(everyMinute, 'Europe/Berlin', again)).toEqual(new Date('2026-10-25T02:00Z'));
    expect(previousDue(everyMinute, 'Europe/Berlin', again)).toEqual(new Date('2026-10-25T00:59Z'));
  });

  test('Lord Howe goes back by half an hour: only its 01:30 to 01:59 are repeated', () => {
    expect(dues('*/30 1,2 * * *', 'Australia/Lord_Howe', '2026-04-04T13:45Z', 4)).toEqual([
      '2026-04-04T14:00Z',
      '2026-04-04T14:30Z',
      '2026-04-04T15:30Z',
      '2026-04-04T16:00Z',
    ]);
  });

  test('Lord Howe goes ahead by half an hour: 02:00 is skipped and 02:30 is not', () => {
    expect(dues('*/30 2 * * *', 'Australia/Lord_Howe', '2026-10-03T13:00Z', 2)).toEqual([
      '2026-10-03T15:30Z',
      '2026-10-04T15:00Z',
    ]);
  });

  test('Samoa had no 30 December 2011', () => {
    expect(dues('0 12 * * *', 'Pacific/Apia', '2011-12-29T12:00Z', 2)).toEqual([
      '2011-12-29T22:00Z',
      '2011-12-30T22:00Z',
    ]);
    expect(dues('0 12 30 12 *', 'Pacific/Apia', '2011-01-01T00:00Z', 1)).toEqual(['2012-12-29T22:00Z']);
  });

  test("St John's once went back at 00:01, and midnight ran before the repeated 23:30", () => {
    expect(dues('0 0 * * *', 'America/St_Johns', '2010-11-06T12:00Z', 2)).toEqual([
      '2010-11-07T02:30Z',
      '2010-11-08T03:30Z',
    ]);
    const midnight = previousDue(parseCron('0 0 * * *'), 'America/St_Johns', new Date('2010-11-07T03:00Z'));
    expect(midnight).toEqual(new Date('2010-11-07T02:30Z'));
  });

  test('Kathmandu is 5:45 ahead and never changes', () => {
    expect(dues('0 0 * * *', 'Asia/Kathmandu', '2026-03-28T00:00Z', 2)).toEqual([
      '2026-03-28T18:15Z',
      '2026-03-29T18:15Z',
    ]);
  });

  test('a time that the clocks skip every year has no due time', () => {
    const cron = parseCron('30 2 * 3 0L');
    expect(nextDue(cron, 'Europe/Berlin', new Date('2026-01-01'))).toBeNull();
    expect(previousDue(cron, 'Europe/Berlin', new Date('2026-01-01'), new Date('2000-01-01'))).toBeNull();
    expect(nextDues(cron, 'Europe/Berlin', new Date('2026-01-01'), 5)).toEqual([]);
    expect(nextDue(cron, 'UTC', new Date('2026-01-01'))).toEqual(new Date('2026-03-29T02:30Z'));
  });
});

describe('due times', () => {
  test('a leap day is found over the year 2100, which has none', () => {
    expect(dues('0 0 29 2 *', 'UTC', '2096-03-01T00:00Z', 1)).toEqual(['2104-02-29T00:00Z']);
    expect(previousDue(parseCron('0 0 29 2 *'), 'UTC', new Date('2104-02-01'))).toEqual(
      new Date('2096-02-29'),
    );
  });

  test('a leap day that must be a Monday is found 40 years on', () => {
    const cron = parseCron('0 0 */28 2 1');
    const leapDays = nextDues(cron, 'UTC', new Date('2072-03-01'), 12).filter(
      (due) => due.getUTCDate() === 29,
    );
    expect(leapDays.map((due) => due.getUTCFullYear())).toEqual([2112, 2140]);
  });

  test('the next one is later than the instant asked for, the previous one may be that instant', () => {
    const cron = parseCron('0 12 * * *');
    const noon = new Date('2026-05-05T12:00Z');
    expect(nextDue(cron, 'UTC', noon)).toEqual(new Date('2026-05-06T12:00Z'));
    expect(nextDue(cron, 'UTC', +noon - 1)).toEqual(noon);
    expect(previousDue(cron, 'UTC', noon)).toEqual(noon);
    expect(previousDue(cron, 'UTC', +noon - 1)).toEqual(new Date('2026-05-04T12:00Z'));
  });

  test('the previous one is not looked for before the limit, which may be that due time itself', () => {
    const cron = parseCron('0 12 * * *');
    const noon = new Date('2026-05-05T12:00Z');
    expect(previousDue(cron, 'UTC', +noon + 60_000, noon)).toEqual(noon);
    expect(previousDue(cron, 'UTC', +noon + 60_000, +noon + 1)).toBeNull();
  });

  test('an instant is due for the whole of its minute', () => {
    const cron = parseCron('0 12 * * *');
    expect(isDue(cron, 'UTC', new Date('2026-05-05T12:00:59.999Z'))).toBe(true);
    expect(isDue(cron, 'UTC', new Date('2026-05-05T12:01:00Z'))).toBe(false);
    expect(isDue(cron, 'UTC', new Date('2026-05-05T11:59:59.999Z'))).toBe(false);
  });

  test('a rare expression is searched for by months and days, not minutes: 40 years take fewer questions than they have days', () => {
    const cron = parseCron('0 0 29 2 */7');
    let asked = 0;
    const counted: typeof cron = {
      ...cron,
      isMonth: (year, month) => ++asked > 0 && cron.isMonth(year, month),
      isDay: (year, month, day) => ++asked > 0 && cron.isDay(year, month, day),
    };
    const due = nextDue(counted, 'UTC', new Date('2088-03-01'));
    expect(due).toEqual(new Date('2128-02-29'));
    expect(asked).toBeLessThan(40 * 365);
  });

  test('an unknown time zone is a RangeError', () => {
    expect(() => isDue(parseCron('* * * * *'), 'Mars/Olympus', 0)).toThrow(RangeError);
  });
});
