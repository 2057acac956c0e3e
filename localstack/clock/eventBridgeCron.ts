import type { Pattern } from '../../lib/schedule/cron/wallClock';

/** An expression EventBridge Scheduler would answer with a ValidationException. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly firstName: number;
  readonly names: readonly string[];
  readonly wraps: boolean;
}

type IsDay = (day: number, weekday: number, daysInMonth: number, firstWeekday: number) => boolean;

const field = (name: string, min: number, max: number, firstName = 0, names = ''): Field => ({
  name,
  min,
  max,
  firstName,
  names: names.split(' '),
  wraps: name !== 'year',
});
const MINUTES = field('minutes', 0, 59);
const HOURS = field('hours', 0, 23);
const DAY_OF_MONTH = field('day-of-month', 1, 31);
const MONTH = field('month', 1, 12, 1, 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC');
const DAY_OF_WEEK = field('day-of-week', 1, 7, 1, 'SUN MON TUE WED THU FRI SAT');
const YEAR = field('year', 1970, 2199);

/**
 * The fields of EventBridge's `cron(...)`, by its user guide; the sixth, the year, may be left out. Where that says nothing: names in any case, ranges
 * that wrap (FRI-MON, 22-2; not years), any step from 1, L and W within lists are taken; days that never come
 * (31 February) are taken and never due. `#` stands alone, as the guide says.
 */
export function parseEventBridgeCron(fields: string): Pattern {
  const parts = fields.split(/ +/);
  if (parts.length === 5) parts.push('*');
  if (parts.length !== 6) throw new ExpressionError(`cron takes 6 fields, not ${parts.length}`);
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = parts.map((part) => part.toUpperCase()) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ExpressionError('exactly one of day-of-month and day-of-week must be ?');
  }
  const months = valuesOf(MONTH, month);
  const years = valuesOf(YEAR, year);
  const isDay = dayOfWeek === '?' ? parseDaysOfMonth(dayOfMonth) : parseDaysOfWeek(dayOfWeek);
  return {
    minutes: ascending(valuesOf(MINUTES, minutes)),
    hours: ascending(valuesOf(HOURS, hours)),
    isMonth: (year, month) => months.has(month) && years.has(year),
    isDay(year, month, day) {
      const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
      return isDay(day, (first + day - 1) % 7, new Date(Date.UTC(year, month, 0)).getUTCDate(), first);
    },
  };
}

const ascending = (values: ReadonlySet<number>) => [...values].sort((a, b) => a - b);

function parseDaysOfMonth(text: string): IsDay {
  return anyOf(text, (item) => {
    const fromEnd = /^L(?:-(\d+))?$/.exec(item);
    if (fromEnd) {
      const back = Number(fromEnd[1] ?? 0);
      if (back > 30) throw new ExpressionError(`day-of-month: ${item} is not in any month`);
      return (day, _weekday, daysInMonth) => day === daysInMonth - back;
    }
    const nearest = /^(L|\d+)W$/.exec(item)?.[1];
    if (nearest === 'L')
      return (day, _weekday, daysInMonth, first) => day === workday(daysInMonth, daysInMonth, first);
    if (nearest !== undefined) {
      const wanted = numberOf(DAY_OF_MONTH, nearest);
      return (day, _weekday, days, first) => wanted <= days && day === workday(wanted, days, first);
    }
    const days = valuesOf(DAY_OF_MONTH, item);
    return (day) => days.has(day);
  });
}

/** The day from Monday to Friday nearest to `day`, without leaving the month. */
function workday(day: number, daysInMonth: number, firstWeekday: number): number {
  const weekday = (firstWeekday + day - 1) % 7;
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === daysInMonth ? day - 2 : day + 1;
  return day;
}

function parseDaysOfWeek(text: string): IsDay {
  const nth = /^(\w+)#([1-5])$/.exec(text);
  if (nth) {
    const wanted = numberOf(DAY_OF_WEEK, nth[1] as string) - 1;
    return (day, weekday) => weekday === wanted && Math.ceil(day / 7) === Number(nth[2]);
  }
  return anyOf(text, (item) => {
    const last = /^(\w+)L$/.exec(item)?.[1];
    if (last !== undefined) {
      const wanted = numberOf(DAY_OF_WEEK, last) - 1;
      return (day, weekday, daysInMonth) => weekday === wanted && day > daysInMonth - 7;
    }
    const days = valuesOf(DAY_OF_WEEK, item === 'L' ? 'SAT' : item);
    return (_day, weekday) => days.has(weekday + 1);
  });
}

function anyOf(text: string, parse: (item: string) => IsDay): IsDay {
  const items = text.split(',').map(parse);
  return (...day) => items.some((isDay) => isDay(...day));
}

function valuesOf(field: Field, text: string): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const parts = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
    if (!parts) throw new ExpressionError(`${field.name}: "${item}" is not valid`);
    const [, from, to, step = '1'] = parts;
    if (Number(step) === 0) throw new ExpressionError(`${field.name}: step 0`);
    const low = from === undefined ? field.min : numberOf(field, from);
    const alone = from !== undefined && to === undefined && parts[3] === undefined;
    const high = alone ? low : to === undefined ? field.max : numberOf(field, to);
    if (low > high && !field.wraps) throw new ExpressionError(`${field.name}: ${item} runs backwards`);
    const size = field.max - field.min + 1;
    const end = low > high ? high + size : high;
    for (let value = low; value <= end; value += Number(step)) {
      values.add(value > field.max ? value - size : value);
    }
  }
  return values;
}

function numberOf({ name, min, max, firstName, names }: Field, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : names.indexOf(text || '-') + firstName;
  const known = /^\d+$/.test(text) || names.includes(text);
  if (!known || value < min || value > max)
    throw new ExpressionError(`${name}: ${text} is not in ${min}-${max}`);
  return value;
}
