import fc from 'fast-check';
import { parseScheduleExpression } from '../../../localstack/clock/expression';
import { isMeant } from './cronByTheGuide';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const list = (item: fc.Arbitrary<string>, most = 3) =>
  fc.array(item, { minLength: 1, maxLength: most }).map((items) => items.join(','));

/** A value, a range, `*`, each with or without an increment. */
const values = (low: number, high: number, longestStep: number, names: string[] = []) => {
  const nameOf = (value: number, named: boolean) => (named && names[value - 1]) || String(value);
  return fc
    .record({
      ends: fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high })),
      kind: fc.constantFrom('all', 'value', 'range'),
      step: fc.option(fc.integer({ min: 1, max: longestStep }), { nil: undefined }),
      named: fc.boolean(),
    })
    .map(({ ends, kind, step, named }) => {
      const [from, to] = [Math.min(...ends), Math.max(...ends)];
      const base = {
        all: '*',
        value: nameOf(from, named),
        range: `${nameOf(from, named)}-${nameOf(to, named)}`,
      };
      return base[kind as keyof typeof base] + (step === undefined ? '' : `/${step}`);
    });
};

const oneOfDays = fc.integer({ min: 1, max: 31 });
const weekday = fc.oneof(fc.integer({ min: 1, max: 7 }).map(String), fc.constantFrom(...dayNames));

const daysOfMonth = fc.oneof(
  list(values(1, 31, 10)),
  fc.constantFrom('L', 'LW'),
  fc.integer({ min: 1, max: 30 }).map((back) => `L-${back}`),
  oneOfDays.map((day) => `${day}W`),
);
const daysOfWeek = fc.oneof(
  list(values(1, 7, 3, dayNames)),
  fc.constant('L'),
  weekday.map((day) => `${day}L`),
  fc.tuple(weekday, fc.integer({ min: 1, max: 5 })).map(([day, nth]) => `${day}#${nth}`),
);
const days = fc.oneof(
  daysOfMonth.map((day) => [day, '?'] as const),
  daysOfWeek.map((day) => ['?', day] as const),
);

const expressions = fc
  .record({
    minutes: list(values(0, 59, 20)),
    hours: list(values(0, 23, 8)),
    days,
    months: list(values(1, 12, 4, monthNames)),
    years: fc.option(fc.constantFrom('*', '2026', '2026-2030', '2024/2', '2027,2028'), { nil: undefined }),
  })
  .map(({ minutes, hours, days: [month, week], months, years }) =>
    [minutes, hours, month, months, week, ...(years === undefined ? [] : [years])].join(' '),
  );

/** Moments of six years, many of them near the ends of months. */
const instants = fc
  .record({
    month: fc.integer({ min: 0, max: 71 }),
    day: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 30 })),
    minute: fc.integer({ min: 0, max: 1439 }),
  })
  .map(({ month, day, minute }) => new Date(Date.UTC(2025, month, 1) + day * dayMs + minute * minuteMs));

test('a minute is due exactly when the user guide, read a second time, means it', () => {
  let due = 0;
  fc.assert(
    fc.property(expressions, fc.array(instants, { minLength: 20, maxLength: 20 }), (fields, moments) => {
      const expression = parseScheduleExpression(`cron(${fields})`);
      const meant = moments.filter((moment) => isMeant(fields, moment));
      due += meant.length;
      expect(moments.filter((moment) => expression.isDue('UTC', moment, 0))).toEqual(meant);
    }),
    { numRuns: 2000 },
  );
  expect(due).toBeGreaterThan(200);
});

test('the newest due time is the last minute that the guide means', () => {
  fc.assert(
    fc.property(expressions, instants, fc.integer({ min: 1, max: 3 * 1440 }), (fields, until, minutes) => {
      const after = new Date(until.getTime() - minutes * minuteMs);
      let newest = until.getTime();
      while (newest > after.getTime() && !isMeant(fields, new Date(newest))) newest -= minuteMs;
      const expected = newest > after.getTime() ? new Date(newest) : null;
      const found = parseScheduleExpression(`cron(${fields})`).lastDue('UTC', after, until, 0);
      expect([fields, found]).toEqual([fields, expected]);
    }),
    { numRuns: 150 },
  );
});
