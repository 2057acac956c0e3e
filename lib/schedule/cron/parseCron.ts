import { memoize } from '../../runtime/memoize';
import { CronError, type FieldValues, parseField } from './field';
import { otherNotation } from './otherNotations';
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
  /** `L`, `L-3`, `LW`, `15W`, in the order of the alphabet. */
  readonly marks: readonly string[];
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
 * Reads a five-field expression or a nickname as crontab(5) does; `L`, `L-3`, `LW`, `15W`, `5L`, `5#2`, `?` and names in ranges are
 * taken too. Throws a CronError for anything else, and for an expression that never runs. Answers are shared
 * between callers.
 */
export const parseCron: (expression: string) => Cron = memoize(10_000, (expression: string): Cron => {
  const [minute, hour, dayOfMonth, month, dayOfWeek] = split(expression).map((text, position) =>
    parseField(position, text),
  ) as [FieldValues, FieldValues, FieldValues, FieldValues, FieldValues];
  const months = numbers(month);
  const daysOfMonth = { days: numbers(dayOfMonth), marks: marksOf(dayOfMonth) };
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
  const text = expression.trim();
  if (text.length > 256) throw new CronError('longer than 256 characters');
  const other = otherNotation(text, problemOf);
  if (other) throw new CronError(other);
  const strange = /[^\t\x20-\x7e]/u.exec(text)?.[0];
  if (strange) throw new CronError(`only ASCII characters, on one line, are allowed; ${nameOf(strange)}`);
  if (text === '') throw new CronError(`empty; ${SHAPE}`);
  if (text.startsWith('@')) return split(expand(text.toLowerCase()));
  const fields = text.split(/\s+/);
  if (fields.length === 5) return fields;
  const count = `${fields.length} field${fields.length === 1 ? '' : 's'}`;
  const extra = fields.length > 5 ? ' (seconds and years are not supported)' : '';
  throw new CronError(`${count}; ${SHAPE}${extra}`);
}

/** What is wrong with an expression; undefined for a good one. */
function problemOf(expression: string): string | undefined {
  try {
    parseCron(expression);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function nameOf(character: string): string {
  if (character === '\n' || character === '\r') return 'this has a line break';
  if (character === '\u00a0') return 'this has a no-break space (U+00A0)';
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  return `this has ${/\p{C}|\p{Z}/u.test(character) ? '' : `"${character}", `}U+${code}`;
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

const marksOf = ({ values }: FieldValues): string[] =>
  [...values].filter((value) => typeof value === 'string').sort();

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
  return (
    daysOfMonth.days.includes(day) || daysOfMonth.marks.some((mark) => markedDay(mark, year, month) === day)
  );
}

/** The day that a mark names in a month: for `31W` none where there is no 31st. */
function markedDay(mark: string, year: number, month: number): number | undefined {
  const last = daysIn(year, month);
  const day = mark.startsWith('L') ? last - Number(/\d+$/.exec(mark)?.[0] ?? 0) : Number.parseInt(mark, 10);
  if (day > last) return undefined;
  return mark.endsWith('W') ? nearestWeekday(year, month, day) : day;
}

/** The nearest day from Monday to Friday of the same month: the 1st on a Saturday becomes Monday, the 3rd. */
function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === daysIn(year, month) ? day - 2 : day + 1;
  return day;
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
