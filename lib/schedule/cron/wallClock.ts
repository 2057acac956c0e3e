import type { Zone } from './timezone';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** A set of minutes on a wall clock, whatever grammar it was written in. */
export interface Pattern {
  /** Ascending. */
  readonly minutes: readonly number[];
  /** Ascending. */
  readonly hours: readonly number[];
  isMonth(year: number, month: number): boolean;
  /** Asked only for days of months that pass `isMonth`. */
  isDay(year: number, month: number, day: number): boolean;
}

/*
 * The rule of EventBridge Scheduler: a local time runs at most once, at its first occurrence, and one that does not
 * exist never runs. First occurrences come in the order of the local times they show, so a search may walk the wall
 * clock and stop at the first hit.
 */

/** Whether the minute that holds `instant` is one of the pattern's. */
export function isMinuteOf(pattern: Pattern, zone: Zone, instant: number): boolean {
  const start = Math.floor(instant / MINUTE) * MINUTE;
  const local = zone.localAt(start);
  const date = new Date(local);
  return (
    pattern.minutes.includes(date.getUTCMinutes()) &&
    pattern.hours.includes(date.getUTCHours()) &&
    isDateOf(pattern, date) &&
    zone.firstInstantAt(local) === start
  );
}

/** The pattern's first minute in (after, until]. */
export function firstMinuteOf(pattern: Pattern, zone: Zone, after: number, until: number): number | null {
  const from = (Math.floor(zone.localAt(after) / MINUTE) + 1) * MINUTE;
  const lastDay = Math.floor(zone.localAt(until) / DAY) + 1;
  let day = nextDayOf(pattern, Math.floor(from / DAY), lastDay);
  while (day !== null) {
    for (const local of minutesFrom(pattern, day * DAY, from)) {
      const instant = zone.firstInstantAt(local);
      if (instant !== null && instant > after) return instant <= until ? instant : null;
    }
    day = nextDayOf(pattern, day + 1, lastDay);
  }
  return null;
}

/** The pattern's last minute in [since, until]. */
export function lastMinuteOf(pattern: Pattern, zone: Zone, since: number, until: number): number | null {
  // Within a day after the clocks went back, the wall clock has already shown later times than it does now.
  const to = Math.max(zone.localAt(until), zone.localAt(until - DAY) + DAY);
  const firstDay = Math.floor(zone.localAt(since) / DAY) - 1;
  let day = previousDayOf(pattern, Math.floor(to / DAY), firstDay);
  while (day !== null) {
    for (const local of minutesBackFrom(pattern, day * DAY, to)) {
      const instant = zone.firstInstantAt(local);
      if (instant !== null && instant <= until) return instant >= since ? instant : null;
    }
    day = previousDayOf(pattern, day - 1, firstDay);
  }
  return null;
}

/** How many of the pattern's minutes are in [since, until]. */
export function countMinutesOf(pattern: Pattern, zone: Zone, since: number, until: number): number {
  const perDay = pattern.hours.length * pattern.minutes.length;
  const lastDay = Math.floor(zone.localAt(until) / DAY) + 1;
  let count = 0;
  let day = nextDayOf(pattern, Math.floor(zone.localAt(since) / DAY) - 1, lastDay);
  for (; day !== null; day = nextDayOf(pattern, day + 1, lastDay)) {
    if (isUneventful(zone, day * DAY, since, until)) count += perDay;
    else {
      for (const local of minutesFrom(pattern, day * DAY, day * DAY)) {
        const instant = zone.firstInstantAt(local);
        if (instant !== null && instant >= since && instant <= until) count++;
      }
    }
  }
  return count;
}

/** Whether this local day lies within [since, until] and the clocks do not change on it or the days beside it. */
function isUneventful(zone: Zone, local: number, since: number, until: number): boolean {
  const start = zone.firstInstantAt(local);
  if (start === null || start < since || start + DAY > until) return false;
  return zone.localAt(start - DAY) === local - DAY && zone.localAt(start + 2 * DAY) === local + 2 * DAY;
}

/** The first day that matches in [day, lastDay], all counted from 1970-01-01. */
export function nextDayOf(pattern: Pattern, day: number, lastDay: number): number | null {
  let candidate = day;
  while (candidate <= lastDay) {
    const date = new Date(candidate * DAY);
    if (isDateOf(pattern, date)) return candidate;
    candidate = isMonthOf(pattern, date) ? candidate + 1 : monthStart(date, 1);
  }
  return null;
}

function previousDayOf(pattern: Pattern, day: number, firstDay: number): number | null {
  let candidate = day;
  while (candidate >= firstDay) {
    const date = new Date(candidate * DAY);
    if (isDateOf(pattern, date)) return candidate;
    candidate = isMonthOf(pattern, date) ? candidate - 1 : monthStart(date, 0) - 1;
  }
  return null;
}

const isMonthOf = (pattern: Pattern, date: Date) =>
  pattern.isMonth(date.getUTCFullYear(), date.getUTCMonth() + 1);

const isDateOf = (pattern: Pattern, date: Date) =>
  isMonthOf(pattern, date) && pattern.isDay(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());

const monthStart = (date: Date, monthsOn: number) =>
  Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsOn, 1) / DAY;

function* minutesFrom(pattern: Pattern, day: number, from: number) {
  for (const hour of pattern.hours) {
    if (day + (hour + 1) * 60 * MINUTE <= from) continue;
    for (const minute of pattern.minutes) {
      const local = day + (hour * 60 + minute) * MINUTE;
      if (local >= from) yield local;
    }
  }
}

function* minutesBackFrom(pattern: Pattern, day: number, to: number) {
  for (let h = pattern.hours.length - 1; h >= 0; h--) {
    const hour = day + (pattern.hours[h] as number) * 60 * MINUTE;
    if (hour > to) continue;
    for (let m = pattern.minutes.length - 1; m >= 0; m--) {
      const local = hour + (pattern.minutes[m] as number) * MINUTE;
      if (local <= to) yield local;
    }
  }
}
