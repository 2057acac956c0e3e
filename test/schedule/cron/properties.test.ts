import fc from 'fast-check';
import { isDue, nextDue, nextDues, parseCron, previousDue } from '../../../lib/schedule/cron/cron';
import type { Cron } from '../../../lib/schedule/cron/parseCron';
import { toScheduleExpression } from '../../../lib/schedule/cron/scheduleExpression';
import { parseScheduleExpression } from '../../../localstack/clock/expression';
import { dueIn, nextInUtc } from './crontab';
import { expressions, someDays } from './expressions';

const MINUTE = 60_000;
const instants = fc.date({
  min: new Date('2020-01-01'),
  max: new Date('2110-01-01'),
  noInvalidDate: true,
});

/** toEqual takes long on thousands of numbers; the first that differ say enough. */
function expectSame(found: number[], expected: number[]) {
  const at = expected.findIndex((instant, index) => instant !== found[index]);
  const shown = (instants: number[]) =>
    instants
      .slice(Math.max(at, 0))
      .slice(0, 3)
      .map((i) => new Date(i).toJSON());
  if (at !== -1 || found.length > expected.length) expect(shown(found)).toEqual(shown(expected));
  expect(found.length).toBe(expected.length);
}

describe('against a minute-by-minute reading of crontab(5)', () => {
  test('an expression is due at the same minutes, in every zone and over every change of the clocks', () => {
    fc.assert(
      fc.property(expressions, someDays, (expression, { timezone, minutes }) => {
        const cron = parseCron(expression);
        const due = minutes.map(({ instant }) => instant).filter((instant) => isDue(cron, timezone, instant));
        expectSame(due, dueIn(expression, minutes));
      }),
      { numRuns: 150 },
    );
  });

  test('going from one due time to the next, forwards or back, passes through the same minutes', () => {
    fc.assert(
      fc.property(expressions, someDays, (expression, { timezone, minutes, first, last }) => {
        const cron = parseCron(expression);
        const due = dueIn(expression, minutes);
        const ahead = nextDues(cron, timezone, first - 1, due.length + 1).map(Number);
        expectSame(ahead.slice(0, due.length), due);
        if (ahead.length > due.length) expect(ahead.at(-1)).toBeGreaterThan(last);
        const back: number[] = [];
        for (let at = last; ; at = (back.at(-1) as number) - 1) {
          const previous = previousDue(cron, timezone, at, first);
          if (!previous) break;
          back.push(+previous);
        }
        expectSame(back.reverse(), due);
      }),
      { numRuns: 150 },
    );
  });

  test('from any instant, the due times before and after it are the nearest ones', () => {
    const anywhere = fc.nat({ max: 5 * 86_400 }).map((seconds) => seconds * 1000);
    fc.assert(
      fc.property(
        expressions,
        someDays,
        anywhere,
        (expression, { timezone, minutes, first, last }, offset) => {
          const at = Math.min(first + offset, last);
          const due = dueIn(expression, minutes);
          const next = nextDue(parseCron(expression), timezone, at);
          const expected = due.find((instant) => instant > at);
          if (expected !== undefined) expect(next?.getTime()).toBe(expected);
          else if (next) expect(+next).toBeGreaterThan(last);
          const previous = previousDue(parseCron(expression), timezone, at, first);
          expect(previous?.getTime()).toBe(due.findLast((instant) => instant <= at));
        },
      ),
      { numRuns: 700 },
    );
  });

  test('the next due time is right however many years away', () => {
    fc.assert(
      fc.property(expressions, instants, (expression, instant) => {
        const next = nextDue(parseCron(expression), 'UTC', instant);
        expect(next?.getTime() ?? null).toBe(nextInUtc(expression, +instant));
      }),
      { numRuns: 700 },
    );
  });
});

describe('what EventBridge is told', () => {
  test('names the same minutes, with the guard of isDue where it is not exact and without it where it is', () => {
    fc.assert(
      fc.property(expressions, someDays, (expression, { timezone, minutes }) => {
        const cron = parseCron(expression);
        const translation = toScheduleExpression(cron);
        const schedule = parseScheduleExpression(translation.expression);
        const runs = minutes
          .map(({ instant }) => instant)
          .filter((instant) => schedule.isDue(timezone, instant, 0))
          .filter((instant) => translation.exact || isDue(cron, timezone, instant));
        expectSame(runs, dueIn(expression, minutes));
      }),
      { numRuns: 150 },
    );
  });

  test('is not exact, with plain lists in every month, only where more minutes are named within 60 years', () => {
    // With fewer months, `L` or `#` the lists may still be the same days: 1-30,L or the first Sunday within 1-14.
    const isPlain = ({ months, daysOfMonth, daysOfWeek }: Cron) =>
      months.length === 12 &&
      daysOfMonth.marks.length === 0 &&
      daysOfWeek.last.length === 0 &&
      daysOfWeek.nth === null;
    fc.assert(
      fc.property(expressions, (expression) => {
        const cron = parseCron(expression);
        const translation = toScheduleExpression(cron);
        if (translation.exact || !isPlain(cron)) return;
        const schedule = parseScheduleExpression(translation.expression);
        const isExtra = (day: number) => {
          const due = schedule.lastDue('UTC', day - 1, day + 86_399_999, 0);
          return due !== null && !isDue(cron, 'UTC', due);
        };
        const days = Array.from({ length: 60 * 366 }, (_, n) => Date.UTC(2026, 0, 1 + n));
        const extra = days.some(isExtra);
        expect(extra).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('is within 256 characters and keeps to the documented grammar', () => {
    const numbers = String.raw`(?:\*|\d+|\*\/\d+|\d+\/\d+|\d+-\d+)(?:,(?:\d+|\d+-\d+))*`;
    const days = '(?:SUN|MON|TUE|WED|THU|FRI|SAT)';
    const weekdays = `${days}(?:-${days})?(?:,${days}(?:-${days})?)*|[1-7]L|[1-7]#[1-5]`;
    const grammar = new RegExp(
      `^cron\\(${numbers} ${numbers} (?:(?:${numbers}|L|\\d+W) ${numbers} \\?|\\? ${numbers} (?:${weekdays})) \\*\\)$`,
    );
    fc.assert(
      fc.property(expressions, (expression) => {
        const translation = toScheduleExpression(parseCron(expression)).expression;
        expect(translation).toMatch(grammar);
        expect(translation.length).toBeLessThanOrEqual(256);
      }),
      { numRuns: 2000 },
    );
  });

  test('is within 256 characters for the longest lists', () => {
    const list = (min: number, max: number) =>
      Array.from({ length: max - min + 1 }, (_, n) => max - n).filter((n) => n % 3 !== 0);
    const cron = {
      ...parseCron('* * * * *'),
      minutes: list(0, 59).reverse(),
      hours: list(0, 23).reverse(),
      months: list(1, 12).reverse(),
      daysOfMonth: { days: list(1, 31).reverse(), marks: [] },
    };
    const { expression } = toScheduleExpression(cron);
    expect(expression).toContain('1,2,4,5,7,8');
    expect(expression.length).toBeLessThanOrEqual(256);
  });

  test('its newest due time in a window is the last of those that a scan finds', () => {
    const anywhere = fc.nat({ max: 5 * 1440 }).map((minutes) => minutes * MINUTE);
    fc.assert(
      fc.property(
        expressions,
        someDays,
        anywhere,
        anywhere,
        (expression, { timezone, minutes, first, last }, a, b) => {
          const [after, until] = [
            Math.min(first + Math.min(a, b), last),
            Math.min(first + Math.max(a, b), last),
          ];
          const translation = toScheduleExpression(parseCron(expression));
          const schedule = parseScheduleExpression(translation.expression);
          const due = minutes.findLast(
            ({ instant }) => instant > after && instant <= until && schedule.isDue(timezone, instant, 0),
          );
          const lastDue = schedule.lastDue(timezone, after, until, 0);
          expect(lastDue?.getTime()).toBe(due?.instant);
        },
      ),
      { numRuns: 700 },
    );
  });
});
