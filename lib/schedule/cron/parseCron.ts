import { memoize } from '../../runtime/memoize';
import { CronError, type FieldValues, parseField } from './field';
import { nextDayOf, type Pattern } from './wallClock';

const NICKNAMES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};
const SHAPE =
  'a cron expression has five fields, minute hour day-of-month month day-of-week, such as "*/5 * * * *"';

export interface DaysOfMonth {
  /** Ascending. */
  readonly days: readonly number[];
  readonly last: boolean;
}

/** Sunday is 0. */
export interface DaysOfWeek {
  /** Ascending. */
  readonly weekdays: readonly number[];
  /** Weekdays of which only the last in the month counts. */
  readonly last: readonly number[];
  readonly nth: { readonly weekday: number; readonly n: number } | null;
}

export interface Cron extends Pattern {
  /** As given, without blanks around it. */
  readonly expression: string;
  readonly months: readonly number[];
  readonly daysOfMonth: DaysOfMonth;
  readonly daysOfWeek: DaysOfWeek;
  /** crontab(5): a day must match both fields when one of them starts with `*`, otherwise one of the two is enough. */
  readonly bothDayFields: boolean;
}

/**
 * Reads a five-field expression or a nickname as crontab(5) does; `L`, `5L`, `5#2`, `?` and names in ranges are
 * taken too. Throws a CronError for anything else, and for an expression that never runs. Answers are shared
 * between callers.
 */
export const parseCron: (expression: string) => Cron = memoize(10_000, (expression: string): Cron => {
  const [minute, hour, dayOfMonth, month, dayOfWeek] = split(expression).map((text, position) =>
    parseField(position, text),
  ) as [FieldValues, FieldValues, FieldValues, FieldValues, FieldValues];
  const months = numbers(month);
  const daysOfMonth = { days: numbers(dayOfMonth), last: dayOfMonth.values.has('L') };
  const daysOfWeek = readDaysOfWeek(dayOfWeek);
  const bothDayFields = dayOfMonth.star || dayOfWeek.star;
  const cron: Cron = {
    expression: expression.trim(),
    minutes: numbers(minute),
    hours: numbers(hour),
    months,
    daysOfMonth,
    daysOfWeek,
    bothDayFields,
    isMonth: (_year, month) => months.includes(month),
    isDay(year, month, day) {
      const inMonth = isDayOfMonth(daysOfMonth, year, month, day);
      if (inMonth !== bothDayFields) return inMonth;
      return isDayOfWeek(daysOfWeek, year, month, day);
    },
  };
  if (!hasDay(cron))
    throw new CronError(`"${cron.expression}" never runs: none of its months has such a day`);
  return cron;
});

function split(expression: string): string[] {
  if (expression.length > 256) throw new CronError('longer than 256 characters');
  if (!/^[\t\x20-\x7e]*$/.test(expression))
    throw new CronError('only ASCII characters, on one line, are allowed');
  const text = expression.trim();
  if (text === '') throw new CronError(`empty; ${SHAPE}`);
  if (text.startsWith('@')) return split(expand(text.toLowerCase()));
  const fields = text.split(/\s+/);
  if (fields.length === 5) return fields;
  const count = `${fields.length} field${fields.length === 1 ? '' : 's'}`;
  const extra = fields.length > 5 ? ' (seconds and years are not supported)' : '';
  throw new CronError(`${count}; ${SHAPE}${extra}`);
}

function expand(nickname: string): string {
  const expression = Object.hasOwn(NICKNAMES, nickname) ? NICKNAMES[nickname] : undefined;
  if (expression) return expression;
  const reason = nickname === '@reboot' ? 'there is no machine that starts; ' : '';
  throw new CronError(
    `${nickname} is not supported; ${reason}write one of ${Object.keys(NICKNAMES).join(' ')}`,
  );
}

const numbers = ({ values }: FieldValues): number[] =>
  [...values].filter((value) => typeof value === 'number').sort((a, b) => a - b);

function readDaysOfWeek(field: FieldValues): DaysOfWeek {
  const special = [...field.values].filter((value) => typeof value === 'string');
  const nth = special.find((value) => value.includes('#'));
  return {
    weekdays: numbers(field),
    last: special.filter((value) => value.endsWith('L')).map((value) => Number(value[0])),
    nth: nth === undefined ? null : { weekday: Number(nth[0]), n: Number(nth[2]) },
  };
}

function isDayOfMonth(daysOfMonth: DaysOfMonth, year: number, month: number, day: number): boolean {
  return daysOfMonth.days.includes(day) || (daysOfMonth.last && day === daysIn(year, month));
}

function isDayOfWeek({ weekdays, last, nth }: DaysOfWeek, year: number, month: number, day: number): boolean {
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  if (weekdays.includes(weekday)) return true;
  if (nth) return nth.weekday === weekday && Math.ceil(day / 7) === nth.n;
  return last.includes(weekday) && day > daysIn(year, month) - 7;
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** 28 years in which no leap day is left out have every day of the year on every day of the week. */
function hasDay(pattern: Pattern): boolean {
  const day = (year: number) => Date.UTC(year, 0, 1) / 86_400_000;
  return nextDayOf(pattern, day(2000), day(2028) - 1) !== null;
}
