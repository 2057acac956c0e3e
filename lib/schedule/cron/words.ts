import type { Cron, DaysOfMonth, DaysOfWeek } from './parseCron';

const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const NTH = ['', 'first', 'second', 'third', 'fourth', 'fifth'];

/** So many things a sentence can list. */
const most = 5;

const two = (n: number) => String(n).padStart(2, '0');

const list = (items: readonly string[], last = 'and'): string | null => {
  if (items.length > most) return null;
  return [items.slice(0, -1).join(', '), items.at(-1)].filter(Boolean).join(` ${last} `);
};

/** Three and more in a row as a range. */
const namesOf = (values: readonly number[], nameOf: (value: number) => string): string | null => {
  const [first = 0] = values;
  const inARow = values.length > 2 && values.every((value, at) => value === first + at);
  if (inARow) return `${nameOf(first)} to ${nameOf(values.at(-1) as number)}`;
  return list(values.map(nameOf));
};

/** The step of a list that goes round without a break, such as 5, 20, 35, 50 of 60; undefined for all others. */
const evenStep = (values: readonly number[], round: number): number | undefined => {
  const [first = 0, second = 0] = values;
  const step = second - first;
  const isEven = values.length * step === round && values.every((value, at) => value === first + at * step);
  return isEven && first < step ? step : undefined;
};

const timesOf = ({ minutes, hours }: Cron): string | null => {
  const [minute = 0] = minutes;
  const [hour = 0] = hours;
  const step = evenStep(minutes, 60);
  const everyHour = hours.length === 24;
  if (minutes.length === 60 && everyHour) return 'every minute';
  if (step && everyHour) return `every ${step} minutes${minute > 0 ? `, from ${minute} past the hour` : ''}`;
  if (minutes.length * hours.length <= most) {
    return `at ${list(hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`)))}`;
  }
  const inARow = hours.every((value, at) => value === hour + at);
  const span = `from ${two(hour)}:${two(minute)} to ${two(hours.at(-1) as number)}:${two(minutes.at(-1) as number)}`;
  if (inARow && !everyHour && minutes.length === 60) return `every minute ${span}`;
  if (inARow && !everyHour && step) return `every ${step} minutes ${span}`;
  const past = list(minutes.map(String));
  if (past === null) return null;
  const at = past === '0' ? 'on the hour' : `at ${past} past the hour`;
  if (everyHour) return `every hour, ${at}`;
  if (inARow) return `every hour from ${two(hour)}:00 to ${two(hours.at(-1) as number)}:59, ${at}`;
  const everyHours = evenStep(hours, 24);
  return everyHours ? `every ${everyHours} hours from ${two(hour)}:00, ${at}` : null;
};

const markWords = (mark: string): string => {
  if (mark === 'L') return 'the last day of the month';
  if (mark === 'LW') return 'the last day from Monday to Friday of the month';
  if (mark.endsWith('W'))
    return `the day from Monday to Friday nearest to day ${mark.slice(0, -1)} of the month`;
  const before = mark.slice(2);
  return `the day ${before} day${before === '1' ? '' : 's'} before the last of the month`;
};

const daysInMonth = ({ days, marks }: DaysOfMonth): string | null => {
  const named = days.length === 0 ? [] : [namesOf(days, String)];
  if (named.includes(null)) return null;
  return list([...named.map((text) => `day ${text} of the month`), ...marks.map(markWords)]);
};

const daysInWeek = ({ weekdays, last, nth }: DaysOfWeek): string | null => {
  const nameOf = (day: number) => WEEKDAYS[day] as string;
  if (nth) return `the ${NTH[nth.n]} ${nameOf(nth.weekday)} of the month`;
  const every = weekdays.length === 0 ? [] : [namesOf(weekdays, nameOf)];
  if (every.includes(null)) return null;
  return list([...(every as string[]), ...last.map((day) => `the last ${nameOf(day)} of the month`)]);
};

/** '' for every day. */
const daysOf = ({ daysOfMonth, daysOfWeek, bothDayFields }: Cron): string | null => {
  const everyDayOfMonth = daysOfMonth.days.length === 31;
  const everyWeekday = daysOfWeek.weekdays.length === 7;
  if (bothDayFields ? everyDayOfMonth && everyWeekday : everyDayOfMonth || everyWeekday) return '';
  const [inMonth, inWeek] = [daysInMonth(daysOfMonth), daysInWeek(daysOfWeek)];
  if (!bothDayFields) return inMonth && inWeek && ` on ${inMonth}, and on ${inWeek}`;
  if (everyWeekday) return inMonth && ` on ${inMonth}`;
  if (everyDayOfMonth) return inWeek && ` on ${inWeek}`;
  return inMonth && inWeek && ` on ${inWeek}, if it is ${inMonth}`;
};

const monthsOf = ({ months }: Cron): string | null => {
  if (months.length === 12) return '';
  const names = namesOf(months, (month) => MONTHS[month - 1] as string);
  return names && `, in ${names}`;
};

/**
 * When an expression is due, in words on the wall clock; null where words would be longer than the expression is hard. A test
 * reads them back, and finds the same minutes.
 */
export const wordsOf = (cron: Cron): string | null => {
  const [times, days, months] = [timesOf(cron), daysOf(cron), monthsOf(cron)];
  if (times === null || days === null || months === null) return null;
  const everyDay = days === '' && times.startsWith('at ') ? 'every day ' : '';
  const words = `${everyDay}${times}${days}${months}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
};
