/*
 * crontab(5), read a second time and as literally as it can be, to hold lib/schedule/cron against: no code is shared, every
 * minute is asked one by one, and time zones come from moment-timezone itself.
 */

import moment from 'moment-timezone';

export interface Clock {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
}

const NAMES: Record<string, number> = {};
'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').forEach((name, i) => {
  NAMES[name] = i + 1;
});
'sun mon tue wed thu fri sat'.split(' ').forEach((name, i) => {
  NAMES[name] = i;
});

const number = (text: string) => NAMES[text.toLowerCase()] ?? Number(text);

const daysIn = (clock: Clock) => new Date(Date.UTC(clock.year, clock.month, 0)).getUTCDate();

/** Of all days from Monday to Friday in the month, the one at the smallest distance. */
const nearestWorkday = (wanted: number, clock: Clock) =>
  Array.from({ length: daysIn(clock) }, (_, n) => n + 1)
    .filter(
      (day) =>
        (clock.weekday + 35 + day - clock.day) % 7 !== 0 && (clock.weekday + 35 + day - clock.day) % 7 !== 6,
    )
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];

type Matches = (value: number, clock: Clock) => boolean;

function field(text: string, min: number, max: number): Matches {
  const listed = new Set<number>();
  const others: Matches[] = [];
  for (const item of text.split(',')) {
    const [weekday, nth] = item.split(/L$|#/).map(number) as [number, number];
    if (max === 31 && item.endsWith('W')) {
      others.push((day, clock) => {
        const wanted = item === 'LW' ? daysIn(clock) : Number(item.slice(0, -1));
        return wanted <= daysIn(clock) && day === nearestWorkday(wanted, clock);
      });
    } else if (max === 31 && item.startsWith('L')) {
      others.push((day, clock) => day === daysIn(clock) - Number(item.slice(2)));
    } else if (max === 7 && item.endsWith('L')) {
      others.push((value, clock) => value === weekday % 7 && clock.day + 7 > daysIn(clock));
    } else if (item.includes('#')) {
      others.push((value, { day }) => value === weekday % 7 && day > 7 * (nth - 1) && day <= 7 * nth);
    } else {
      const [range = '', step] = item.split('/');
      let [low, high] = range.split('-').map(number) as [number, number | undefined];
      if (range === '*' || range === '?') [low, high] = [min, max];
      for (let value = low; value <= (high ?? (step ? max : low)); value += Number(step ?? 1))
        listed.add(value);
    }
  }
  if (max === 7 && listed.has(7)) listed.add(0);
  return (value, clock) => listed.has(value) || others.some((matches) => matches(value, clock));
}

interface Crontab {
  isDay(clock: Clock): boolean;
  isMinute(clock: Clock): boolean;
}

export function crontab(expression: string): Crontab {
  const [minutes = '', hours = '', days = '', months = '', weekdays = ''] = expression.split(' ');
  const [minute, hour] = [field(minutes, 0, 59), field(hours, 0, 23)];
  const [day, month, weekday] = [field(days, 1, 31), field(months, 1, 12), field(weekdays, 0, 7)];
  const restricted = (text: string) => !text.startsWith('*') && text !== '?';
  const either = restricted(days) && restricted(weekdays);
  const isDay = (clock: Clock) => {
    const inMonth = day(clock.day, clock);
    const inWeek = weekday(clock.weekday, clock);
    return month(clock.month, clock) && (either ? inMonth || inWeek : inMonth && inWeek);
  };
  const isMinute = (clock: Clock) => minute(clock.minute, clock) && hour(clock.hour, clock) && isDay(clock);
  return { isDay, isMinute };
}

export interface Minute {
  instant: number;
  clock: Clock;
  /** The wall clock has shown this time before. */
  again: boolean;
}

/** Every minute of `days` days from a date (UTC) on the wall clock of a time zone. */
export function minutesOf(timezone: string, from: string, days: number): Minute[] {
  const zone = moment.tz.zone(timezone) as moment.MomentZone;
  const start = Date.parse(from);
  const seen = new Set<number>();
  const minutes: Minute[] = [];
  for (let instant = start - 2 * 86_400_000; instant < start + days * 86_400_000; instant += 60_000) {
    const local = instant - zone.utcOffset(instant) * 60_000;
    const date = new Date(local);
    const clock = {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      weekday: date.getUTCDay(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
    };
    const again = seen.has(local);
    seen.add(local);
    if (instant >= start) minutes.push({ instant, clock, again });
  }
  return minutes;
}

/** The instants of those minutes at which the expression is due. */
export function dueIn(expression: string, minutes: Minute[]): number[] {
  const { isMinute } = crontab(expression);
  return minutes.filter(({ clock, again }) => !again && isMinute(clock)).map(({ instant }) => instant);
}

/** The first minute in UTC after an instant, looking 60 years ahead. */
export function nextInUtc(expression: string, after: number): number | null {
  const { isDay, isMinute } = crontab(expression);
  const first = Math.floor(after / 86_400_000) * 86_400_000;
  for (let day = first; day < first + 60 * 366 * 86_400_000; day += 86_400_000) {
    const date = new Date(day);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
    const clock = { year, month, day: date.getUTCDate(), weekday: date.getUTCDay(), hour: 0, minute: 0 };
    if (!isDay(clock)) continue;
    for (let minute = 0; minute < 1440; minute++) {
      const instant = day + minute * 60_000;
      const time = { hour: Math.floor(minute / 60), minute: minute % 60 };
      if (instant > after && isMinute({ ...clock, ...time })) return instant;
    }
  }
  return null;
}
