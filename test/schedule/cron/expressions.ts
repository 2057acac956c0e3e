import fc from 'fast-check';
import { CronError, parseCron } from '../../../lib/schedule/cron/cron';
import { type Minute, minutesOf } from './crontab';

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const WEEKDAYS = 'sun mon tue wed thu fri sat'.split(' ');

const value = (min: number, max: number) => fc.integer({ min, max });

/** Numbers, ranges, steps and, where there are, names, with their capitals anyhow. */
function item(min: number, max: number, names: string[], firstName: number): fc.Arbitrary<string> {
  const spelt = (n: number) => {
    const name = names[n - firstName];
    const numbers = [`${n}`, `0${n}`];
    return name ? fc.constantFrom(...numbers, name, name.toUpperCase()) : fc.constantFrom(...numbers);
  };
  const single = value(min, max).chain(spelt);
  const bounds = fc.tuple(value(min, max), value(min, max)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
  const range = bounds
    .chain(([low = min, high = max]) => fc.tuple(spelt(low), spelt(high)))
    .map(([low, high]) => `${low}-${high}`);
  const step = value(1, Math.min(7, max - min));
  return fc.oneof(
    { weight: 3, arbitrary: single },
    { weight: 2, arbitrary: range },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.oneof(range, single, fc.constant('*')), step).map((parts) => parts.join('/')),
    },
  );
}

function field(
  items: fc.Arbitrary<string>,
  whole: fc.Arbitrary<string>,
  weight: number,
): fc.Arbitrary<string> {
  const list = fc.array(items, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(','));
  return fc.oneof({ weight, arbitrary: whole }, { weight: 4, arbitrary: list });
}

const dayOfMonth = item(1, 31, [], 1);
const dayOfWeek = item(0, 7, WEEKDAYS, 0);
const lastWeekday = fc.tuple(value(0, 7), fc.constant('L')).map((parts) => parts.join(''));
const dayMark = fc.oneof(
  fc.constantFrom('L', 'LW'),
  value(1, 30).map((back) => `L-${back}`),
  value(1, 31).map((day) => `${day}W`),
);
const fields = fc.tuple(
  field(item(0, 59, [], 0), fc.constantFrom('*', '*/5', '*/7', '*,3', '0-59'), 3),
  field(item(0, 23, [], 0), fc.constantFrom('*', '*/2', '*/5', '0-23'), 6),
  field(fc.oneof({ weight: 9, arbitrary: dayOfMonth }, { weight: 2, arbitrary: dayMark }), stars(), 4),
  field(item(1, 12, MONTHS, 1), fc.constantFrom('*', '*', '1-12', '*/2'), 8),
  fc.oneof(
    { weight: 9, arbitrary: field(fc.oneof({ weight: 9, arbitrary: dayOfWeek }, lastWeekday), stars(), 4) },
    { weight: 1, arbitrary: fc.tuple(value(0, 7), value(1, 5)).map((parts) => parts.join('#')) },
  ),
);

function stars() {
  return fc.constantFrom('*', '*', '?', '*/2', '*/3', '*,2');
}

/** Expressions of every form that is taken, without the few that never run. */
export const expressions: fc.Arbitrary<string> = fields.map((parts) => parts.join(' ')).filter(isTaken);

function isTaken(expression: string): boolean {
  try {
    return parseCron(expression) !== null;
  } catch (error) {
    if (error instanceof CronError && error.message.includes('never runs')) return false;
    throw error;
  }
}

/** Days around every kind of change that a wall clock knows, and around the ends of months and years. */
const DAYS: [timezone: string, date: string, days: number][] = [
  ['UTC', '2026-12-29', 5],
  ['UTC', '2028-02-27', 4],
  ['Asia/Kathmandu', '2026-06-28', 4],
  ['Europe/Berlin', '2026-03-28', 3],
  ['Europe/Berlin', '2026-10-24', 3],
  ['America/New_York', '2027-03-13', 3],
  ['America/New_York', '2026-10-31', 3],
  ['Australia/Lord_Howe', '2026-04-03', 4], // back by half an hour
  ['Australia/Lord_Howe', '2026-10-02', 4],
  ['Pacific/Apia', '2011-12-28', 5], // 30 December was skipped
  ['America/St_Johns', '2010-11-06', 3], // back at 00:01, into the day before
  ['America/St_Johns', '2027-03-13', 3],
  ['America/Sao_Paulo', '2018-11-03', 3], // no midnight
  ['Asia/Beirut', '2026-10-24', 3], // back at 00:00, into the day before
  ['Africa/Casablanca', '2026-02-14', 3], // back for Ramadan
  ['Antarctica/Troll', '2026-03-28', 3], // by two hours
];

export interface Days {
  timezone: string;
  minutes: Minute[];
  /** From the first minute to the last. */
  first: number;
  last: number;
}

export const someDays: fc.Arbitrary<Days> = fc.constantFrom(
  ...DAYS.map(([timezone, date, days]) => {
    const minutes = minutesOf(timezone, date, days);
    const first = Date.parse(date);
    return { timezone, minutes, first, last: first + days * 86_400_000 - 60_000, toString: () => timezone };
  }),
);
