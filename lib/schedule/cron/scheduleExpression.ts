import { WEEKDAYS } from './field';
import type { Cron, DaysOfMonth, DaysOfWeek } from './parseCron';

/** An expression for EventBridge Scheduler. Unless it is `exact`, it also fires at times that the cron does not mean. */
export interface Translation {
  readonly expression: string;
  readonly exact: boolean;
}

interface Days {
  readonly dayOfMonth: string;
  readonly dayOfWeek: string;
  readonly exact: boolean;
}

const EVERY_DAY: Days = { dayOfMonth: '*', dayOfWeek: '?', exact: true };

/**
 * Translates to the one `cron(minutes hours day-of-month month day-of-week year)` of EventBridge Scheduler. Where no such
 * expression means exactly the same, it also fires at other times, as few as possible, and the run checks with `isDue`.
 * The result has at most 256 characters. Steps stand on whole ranges only, and `L`, `W` and `#` alone in their field: AWS
 * documents no more of the grammar, and LocalStack accepts no more.
 */
export function toScheduleExpression(cron: Cron): Translation {
  const minutes = compact(cron.minutes, 0, 59);
  const hours = compact(cron.hours, 0, 23);
  const months = compact(cron.months, 1, 12);
  const { dayOfMonth, dayOfWeek, exact } = daysOf(cron);
  return { expression: `cron(${minutes} ${hours} ${dayOfMonth} ${months} ${dayOfWeek} *)`, exact };
}

function daysOf({ daysOfMonth, daysOfWeek, bothDayFields }: Cron): Days {
  const everyDayOfMonth = daysOfMonth.days.length === 31;
  const everyDayOfWeek = daysOfWeek.weekdays.length === 7;
  if (!bothDayFields) {
    return { ...EVERY_DAY, exact: everyDayOfMonth || everyDayOfWeek };
  }
  if (everyDayOfWeek) return everyDayOfMonth ? EVERY_DAY : inMonth(daysOfMonth);
  if (everyDayOfMonth) return inWeek(daysOfWeek);
  const inAMonth = daysOfMonth.days.length + daysOfMonth.marks.length;
  const tighter = rate(daysOfWeek) <= inAMonth / 31 ? inWeek(daysOfWeek) : inMonth(daysOfMonth);
  return { ...tighter, exact: false };
}

const rate = ({ weekdays, last }: DaysOfWeek) => Math.max(1, weekdays.length + last.length) / 7;

function inMonth({ days, marks }: DaysOfMonth): Days {
  const [mark, ...others] = marks;
  if (mark !== undefined && others.length === 0 && days.length === 0 && isDocumented(mark)) {
    return { dayOfMonth: mark, dayOfWeek: '?', exact: true };
  }
  const widened = [...new Set([...days, ...marks.flatMap(daysAround)])].sort((a, b) => a - b);
  return { dayOfMonth: compact(widened, 1, 31), dayOfWeek: '?', exact: widened.length === days.length };
}

/** AWS's guide has `L` and `3W`. What a Scheduler makes of `31W` in a month of 30 days it does not say. */
const isDocumented = (mark: string) => mark === 'L' || Number.parseInt(mark, 10) <= 28;

/** Every day of a month that a mark may be. */
function daysAround(mark: string): number[] {
  const day = Number.parseInt(mark, 10);
  const back = Number(/\d+$/.exec(mark)?.[0] ?? 0);
  const [from, to] = mark.startsWith('L') ? [28 - back, 31 - back] : [day, day];
  const aside = mark.endsWith('W') ? 2 : 0;
  const [low, high] = [Math.max(1, from - aside), Math.min(31, to + (to < 31 ? aside : 0))];
  return Array.from({ length: high - low + 1 }, (_, n) => low + n);
}

function inWeek({ weekdays, last, nth }: DaysOfWeek): Days {
  if (nth) return { dayOfMonth: '?', dayOfWeek: `${nth.weekday + 1}#${nth.n}`, exact: true };
  const [weekday, ...others] = last;
  if (weekday !== undefined && others.length === 0 && weekdays.length === 0) {
    return { dayOfMonth: '?', dayOfWeek: `${weekday + 1}L`, exact: true };
  }
  const widened = [...new Set([...weekdays, ...last])].sort((a, b) => a - b);
  const exact = widened.length === weekdays.length;
  if (widened.length === 7) return { ...EVERY_DAY, exact };
  return { dayOfMonth: '?', dayOfWeek: listOf(widened, (day) => WEEKDAYS[day] as string), exact };
}

function compact(values: readonly number[], min: number, max: number): string {
  if (values.length === max - min + 1) return '*';
  const [first = min, second = min] = values;
  const step = second - first;
  const last = values.at(-1) ?? max;
  const isProgression = values.every((value, index) => value === first + index * step);
  if (values.length >= 3 && step > 1 && isProgression && last + step > max) {
    return `${first === min ? '*' : first}/${step}`;
  }
  return listOf(values, String);
}

/** Runs of three and more become ranges. */
function listOf(values: readonly number[], spell: (value: number) => string): string {
  const items: string[] = [];
  for (let start = 0; start < values.length; ) {
    const first = values[start] as number;
    let end = start;
    while (values[end + 1] === first + (end + 1 - start)) end++;
    if (end - start >= 2) {
      items.push(`${spell(first)}-${spell(values[end] as number)}`);
    } else {
      items.push(...values.slice(start, end + 1).map(spell));
    }
    start = end + 1;
  }
  return items.join(',');
}
