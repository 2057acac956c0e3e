import fc from 'fast-check';
import { parseCron } from '../../../lib/schedule/cron/cron';
import { wordsOf } from '../../../lib/schedule/cron/words';
import { type Clock, crontab } from './crontab';
import { expressions } from './expressions';
import { meaningOf } from './wordsReader';

test.each([
  ['* * * * *', 'Every minute'],
  ['*/5 * * * *', 'Every 5 minutes'],
  ['5/15 * * * *', 'Every 15 minutes, from 5 past the hour'],
  ['*/45 * * * *', 'Every hour, at 0 and 45 past the hour'],
  ['0 * * * *', 'Every hour, on the hour'],
  ['@hourly', 'Every hour, on the hour'],
  ['30 */6 * * *', 'Every day at 00:30, 06:30, 12:30 and 18:30'],
  ['0 */2 * * *', 'Every 2 hours from 00:00, on the hour'],
  ['0 */5 * * *', 'Every day at 00:00, 05:00, 10:00, 15:00 and 20:00'],
  ['*/10 9-17 * * 1-5', 'Every 10 minutes from 09:00 to 17:50 on Monday to Friday'],
  ['15 8-18 * * *', 'Every hour from 08:00 to 18:59, at 15 past the hour'],
  ['* 3 * * *', 'Every minute from 03:00 to 03:59'],
  ['0 9 * * *', 'Every day at 09:00'],
  ['0 9 * * 1-5', 'At 09:00 on Monday to Friday'],
  ['0 9,17 * * 0,6', 'At 09:00 and 17:00 on Sunday and Saturday'],
  ['0 0 13 * 5', 'At 00:00 on day 13 of the month, and on Friday'],
  ['0 0 */13 * 5', 'At 00:00 on Friday, if it is day 1, 14 and 27 of the month'],
  ['0 0 1-7 * *', 'At 00:00 on day 1 to 7 of the month'],
  ['0 0 1,L * *', 'At 00:00 on day 1 of the month and the last day of the month'],
  ['0 0 L-3 * *', 'At 00:00 on the day 3 days before the last of the month'],
  ['0 0 LW * *', 'At 00:00 on the last day from Monday to Friday of the month'],
  ['0 0 15W * *', 'At 00:00 on the day from Monday to Friday nearest to day 15 of the month'],
  ['0 0 * * 5L', 'At 00:00 on the last Friday of the month'],
  ['0 0 * * 5#2', 'At 00:00 on the second Friday of the month'],
  ['0 0 1 1,7 *', 'At 00:00 on day 1 of the month, in January and July'],
  ['*/5 * * 6-8 *', 'Every 5 minutes, in June to August'],
  ['*/7 * * * *', null],
  ['0 0 1,3,4,7,9,12 * *', null],
])('%s is "%s"', (expression, words) => {
  expect(wordsOf(parseCron(expression))).toBe(words);
});

const anyClock: fc.Arbitrary<Clock> = fc
  .date({ min: new Date('2020-01-01T00:00Z'), max: new Date('2060-01-01T00:00Z'), noInvalidDate: true })
  .map((date) => ({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: 0,
    minute: 0,
  }));

/** Expressions that people write, most of which have words. */
const usual = fc
  .tuple(
    fc.constantFrom('*', '*/5', '*/15', '*/45', '5/20', '0', '7', '0,30', '0,5,50', '0-59', '10-20/10'),
    fc.constantFrom('*', '*/2', '*/5', '1/6', '9-17', '9', '9,17', '*/12', '22,23', '0'),
    fc.constantFrom(
      '*',
      '*',
      '*',
      '1',
      '1,15',
      '*/13',
      '1-7',
      'L',
      'LW',
      '15W',
      'L-3',
      '31,L-1',
      '?',
      '2,1W,L',
    ),
    fc.constantFrom('*', '*', '*', '1', '*/3', '6-8', '2,11'),
    fc.constantFrom('*', '*', '1-5', '0,6', '5L', '1#1', '*/2', '0-6', '1,3L,5L', '?'),
  )
  .map((fields) => fields.join(' '));

test('words mean exactly the minutes at which the expression is due, on every day and at every minute of it', () => {
  let sentences = 0;
  fc.assert(
    fc.property(
      fc.oneof(usual, expressions),
      fc.array(anyClock, { minLength: 30, maxLength: 30 }),
      (expression, days) => {
        const words = wordsOf(parseCron(expression));
        if (words === null) return;
        sentences++;
        const [means, { isMinute, isDay }] = [meaningOf(words), crontab(expression)];
        const minutes = (day: Clock) =>
          Array.from({ length: 1440 }, (_, n) => ({ ...day, hour: Math.floor(n / 60), minute: n % 60 }));
        const [due = days[0] as Clock] = days.filter(isDay);
        const differs = [due, ...days.slice(0, 2)]
          .flatMap(minutes)
          .find((clock) => means(clock) !== isMinute(clock));
        const [first] = minutes(due).filter((clock) => isMinute({ ...due, ...clock }));
        const other =
          first &&
          days.find((day) => means({ ...day, hour: first.hour, minute: first.minute }) !== isDay(day));
        expect({ words, differs, other }).toEqual({ words, differs: undefined, other: undefined });
      },
    ),
    { numRuns: 1500 },
  );
  expect(sentences).toBeGreaterThan(500);
});
