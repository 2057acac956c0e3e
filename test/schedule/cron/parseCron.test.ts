import { CronError, nextDues, parseCron } from '../../../lib/schedule/cron/cron';

const first = (expression: string, count = 3) =>
  nextDues(parseCron(expression), 'UTC', Date.parse('2026-01-01T00:00Z'), count).map((due) =>
    due.toISOString().slice(0, 16),
  );

describe('what an expression means', () => {
  test.each([
    ['0 0 13 * 5', 'is day 13 or Friday', ['2026-01-02T00:00', '2026-01-09T00:00', '2026-01-13T00:00']],
    ['0 0 */2 * 1', 'is odd days and Monday', ['2026-01-05T00:00', '2026-01-19T00:00', '2026-02-09T00:00']],
    [
      '0 0 1-7 * */3',
      'is the first week and Sunday, Wednesday or Saturday',
      ['2026-01-03T00:00', '2026-01-04T00:00'],
    ],
    ['0 0 *,2 * 1', 'starts with a star, so it is Monday', ['2026-01-05T00:00', '2026-01-12T00:00']],
    [
      '0 0 2,* * 1',
      'does not start with a star, so it is every day',
      ['2026-01-02T00:00', '2026-01-03T00:00'],
    ],
    ['0 0 ? * 1', 'is Monday', ['2026-01-05T00:00', '2026-01-12T00:00']],
    ['0 0 30 2 1', 'is Monday in February', ['2026-02-02T00:00', '2026-02-09T00:00']],
    [
      '0 0 L * *',
      'is the last day of the month',
      ['2026-01-31T00:00', '2026-02-28T00:00', '2026-03-31T00:00'],
    ],
    ['0 0 15,L * *', 'is the 15th and the last day', ['2026-01-15T00:00', '2026-01-31T00:00']],
    ['0 0 L-3 * *', 'is the third day before the last', ['2026-01-28T00:00', '2026-02-25T00:00']],
    [
      '0 0 LW * *',
      'is the last day from Monday to Friday',
      ['2026-01-30T00:00', '2026-02-27T00:00', '2026-03-31T00:00', '2026-04-30T00:00', '2026-05-29T00:00'],
    ],
    [
      '0 0 15w * *',
      'is the day from Monday to Friday that is nearest to the 15th',
      ['2026-01-15T00:00', '2026-02-16T00:00', '2026-03-16T00:00', '2026-04-15T00:00', '2026-05-15T00:00'],
    ],
    ['0 0 01W 8,11 *', 'does not leave the month', ['2026-08-03T00:00', '2026-11-02T00:00']],
    ['0 0 31W 5,6 *', 'is no day where there is no 31st', ['2026-05-29T00:00', '2027-05-31T00:00']],
    ['0 0 1,L-1 * *', 'is a list of both', ['2026-01-30T00:00', '2026-02-01T00:00', '2026-02-27T00:00']],
    ['* * * * *\n', 'takes a line feed at its end', ['2026-01-01T00:01', '2026-01-01T00:02']],
    ['0 0 * * 5L', 'is the last Friday of the month', ['2026-01-30T00:00', '2026-02-27T00:00']],
    ['0 0 * * friL,1L', 'is the last Friday and the last Monday', ['2026-01-26T00:00', '2026-01-30T00:00']],
    ['0 0 * * 5#2', 'is the second Friday of the month', ['2026-01-09T00:00', '2026-02-13T00:00']],
    [
      '0 0 * * Fri#5',
      'is the fifth Friday, in months that have one',
      ['2026-01-30T00:00', '2026-05-29T00:00'],
    ],
    ['0 0 * * 7#1', 'is the first Sunday', ['2026-01-04T00:00', '2026-02-01T00:00']],
    ['0 0 * * 7', 'is Sunday', ['2026-01-04T00:00', '2026-01-11T00:00']],
    ['0 0 * * 0,7', 'is Sunday, named twice', ['2026-01-04T00:00', '2026-01-11T00:00']],
    ['0 0 * * 5-7', 'is Friday to Sunday', ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    ['0 0 * * 5/2', 'is Friday and Sunday', ['2026-01-02T00:00', '2026-01-04T00:00', '2026-01-09T00:00']],
    ['0 0 * fEb-MAR MON', 'takes names in any case, in ranges too', ['2026-02-02T00:00', '2026-02-09T00:00']],
    ['5/15 0 * * *', 'starts at 5', ['2026-01-01T00:05', '2026-01-01T00:20', '2026-01-01T00:35']],
    ['00 09 * * *', 'takes leading zeros', ['2026-01-01T09:00', '2026-01-02T09:00']],
    ['*/60 */12 * * *', 'takes a step of a whole round', ['2026-01-01T12:00', '2026-01-02T00:00']],
    ['1,1,1-3/2 0 * * *', 'takes a value twice', ['2026-01-01T00:01', '2026-01-01T00:03']],
    [' \t0\t0  * * * ', 'takes blanks and tabs', ['2026-01-02T00:00', '2026-01-03T00:00']],
    ['@hourly', 'is on the hour', ['2026-01-01T01:00', '2026-01-01T02:00']],
    ['@daily', 'is midnight', ['2026-01-02T00:00', '2026-01-03T00:00']],
    ['@midnight', 'is midnight', ['2026-01-02T00:00', '2026-01-03T00:00']],
    ['@weekly', 'is Sunday, midnight', ['2026-01-04T00:00', '2026-01-11T00:00']],
    ['@Monthly', 'is the 1st, midnight', ['2026-02-01T00:00', '2026-03-01T00:00']],
    ['@yearly', 'is 1 January, midnight', ['2027-01-01T00:00', '2028-01-01T00:00']],
    ['@annually', 'is 1 January, midnight', ['2027-01-01T00:00', '2028-01-01T00:00']],
  ])('%s %s', (expression, _meaning, dues) => {
    expect(first(expression, dues.length)).toEqual(dues);
  });
});

describe('what is refused, and in which words', () => {
  const shape =
    'a cron expression has five fields, minute hour day-of-month month day-of-week, such as "*/5 * * * *"';
  const ascii = 'only ASCII characters, on one line, are allowed';
  const knownWhere =
    'L, L-3, LW and 15W are days of the month, 5L and 5#2 the last and the second Friday as days of the week';
  const nicknames = 'write one of @hourly @daily @midnight @weekly @monthly @yearly @annually';
  test.each([
    ['', `empty; ${shape}`],
    ['  ', `empty; ${shape}`],
    ['*', `1 field; ${shape}`],
    ['* * * *', `4 fields; ${shape}`],
    ['* * * * * *', `6 fields; ${shape} (seconds and years are not supported)`],
    ['0 0 * * ? 2026 *', `7 fields; ${shape} (seconds and years are not supported)`],
    ['H * * * *', 'minute: H (a random time, from Jenkins) is not supported; write a value'],
    ['0 H(0-7)/2 * * *', 'hour: H (a random time, from Jenkins) is not supported; write a value'],
    ['*/100 * * * *', 'minute: step 100 is beyond the range 0-59'],
    ['0-59/61 * * * *', 'minute: step 61 is beyond the range 0-59'],
    ['0 0 * * */8', 'day-of-week: step 8 is beyond the range 0-7'],
    ['*/0 * * * *', 'minute: step 0 never moves on; a step is at least 1'],
    ['0 0 31 2 *', '"0 0 31 2 *" never runs: none of its months has such a day'],
    ['0 0 30 feb ?', '"0 0 30 feb ?" never runs: none of its months has such a day'],
    ['0 0 31 4,6,9,11 *', '"0 0 31 4,6,9,11 *" never runs: none of its months has such a day'],
    ['0 0 * * sat-sun', 'day-of-week: range SAT-SUN runs backwards; write 6,0'],
    ['0 0 * * 5-1', 'day-of-week: range 5-1 runs backwards; write 5-6,0-1'],
    ['0 22-2 * * *', 'hour: range 22-2 runs backwards; write 22-23,0-2'],
    ['60 * * * *', 'minute: 60 is beyond the range 0-59'],
    ['0 24 * * *', 'hour: 24 is beyond the range 0-23'],
    ['0 0 0 * *', 'day-of-month: 0 is beyond the range 1-31'],
    ['0 0 * 1-13 *', 'month: 13 is beyond the range 1-12'],
    ['0 0 * * 8', 'day-of-week: 8 is beyond the range 0-7'],
    ['0 0 * 0 *', 'month: 0 is beyond the range 1-12'],
    ['mon * * * *', 'minute: "MON" is unknown; write 0-59'],
    ['0 0 * monday *', 'month: "MONDAY" is unknown; write JAN-DEC or 1-12'],
    ['0 0 * * L', `day-of-week: "L" is not known here; ${knownWhere}`],
    ['0 0 * * 1W', `day-of-week: "1W" is not known here; ${knownWhere}`],
    ['LW * * * *', `minute: "LW" is not known here; ${knownWhere}`],
    ['0 0 5L * *', `day-of-month: "5L" is not known here; ${knownWhere}`],
    ['0~59 * * * *', 'minute: ~ (a random time, from cronie) is not supported; write a value'],
    ['? * * * *', 'minute: ? stands for any day only; write *'],
    ['1,,2 * * * *', 'minute: an item of the list is empty; write for example 1,2'],
    ['0 0 * * 5#2,1', 'day-of-week: 5#2 must stand alone, a list with # is not supported'],
    ['-1 * * * *', 'minute: "-1" is not a value, range or step; write for example 3, 1-5, 1,5, */2'],
    ['1-2-3 * * * *', 'minute: "1-2-3" is not a value, range or step; write for example 3, 1-5, 1,5, */2'],
    [
      '0 0 32W * *',
      'day-of-month: "32W" is not a value, range or step; write for example 3, 1-5, 1,5, */2 or L, L-3, LW or 15W',
    ],
    [
      '0 0 * * 5#6',
      'day-of-week: "5#6" is not a value, range or step; write for example 3, 1-5, 1,5, */2 or 5L or 5#2',
    ],
    ['\u0661 * * * *', `${ascii}; this has "\u0661", U+0661`],
    ['\uff15 * * * *', `${ascii}; this has "\uff15", U+FF15`],
    ['* * *\n* *', `${ascii}; this has a line break`],
    ['*\u00a0* * * *', `${ascii}; this has a no-break space (U+00A0)`],
    ['*\u200b * * * *', `${ascii}; this has U+200B`],
    ['@reboot', `@reboot is not supported; there is no machine that starts; ${nicknames}`],
    ['@minutely', `@minutely is not supported; ${nicknames}`],
    ['@', `@ is not supported; ${nicknames}`],
    ['@toString', `@tostring is not supported; ${nicknames}`],
    [`${'1,'.repeat(124)}1 * * * *`, 'longer than 256 characters'],
  ])('%j', (expression, message) => {
    expect(() => parseCron(expression)).toThrow(new CronError(message));
  });

  test.each('*-5 *5 5* 1.5 1e1 0x1 +1 ~ 5/ /5 5/-1 5/* 1/2/3 */L L ,1 5L 5#1 W # constructor'.split(' '))(
    'a minute of %s',
    (minute) => {
      expect(() => parseCron(`${minute} * * * *`)).toThrow(CronError);
    },
  );

  test.each('L-0 L-31 WL L-3W 0W 1L L/2 5#2 */32 1-32 tue l-l'.split(' '))(
    'a day of the month of %s',
    (day) => {
      expect(() => parseCron(`0 0 ${day} * *`)).toThrow(CronError);
    },
  );

  test.each('*#2 ?#2 5#0 1-5#2 5#2#3 5L#2 5L/2 ?/2 ?,1 8L mon#six wed-tue 7-1 sunday jan'.split(' '))(
    'a day of the week of %s',
    (day) => {
      expect(() => parseCron(`0 0 * * ${day}`)).toThrow(CronError);
    },
  );
});

test('256 characters are not too long', () => {
  const expression = `${'1,'.repeat(123)}10 * * * *`;
  expect(expression).toHaveLength(256);
  expect(parseCron(expression).minutes).toEqual([1, 10]);
});
