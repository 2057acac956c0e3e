import type { Cron } from './parseCron';
import { zoneNamed } from './timezone';
import { countMinutesOf, firstMinuteOf, isMinuteOf, lastMinuteOf } from './wallClock';

export { type ClockChange, clockChanges } from './clockChanges';
export { CronError } from './field';
export { type Cron, parseCron } from './parseCron';
export { wordsOf } from './words';

/** Longer than the longest gap between two days of one kind: 40 years from one Monday 29 February to the next. */
const HORIZON = 50 * 366 * 86_400_000;

/*
 * All of these take the expression on the wall clock of `timezone`, and throw a RangeError for a time zone that
 * `isTimezone` refuses.
 */

/** Whether the minute that holds `instant` is due; seconds are ignored. */
export function isDue(cron: Cron, timezone: string, instant: Date | number): boolean {
  return isMinuteOf(cron, zoneNamed(timezone), +instant);
}

/** The first due time later than `after`; null when the expression names only times that the clocks skip. */
export function nextDue(cron: Cron, timezone: string, after: Date | number): Date | null {
  return dateOf(firstMinuteOf(cron, zoneNamed(timezone), +after, +after + HORIZON));
}

/** The next `count` due times later than `after`, earliest first; fewer only when there are no more. */
export function nextDues(cron: Cron, timezone: string, after: Date | number, count: number): Date[] {
  const dues: Date[] = [];
  let due = nextDue(cron, timezone, after);
  while (due && dues.length < count) {
    dues.push(due);
    due = nextDue(cron, timezone, due);
  }
  return dues;
}

/**
 * The last due time that is `before` or earlier and `notBefore` or later, both inclusive. So every due time is
 * either at or before the `previousDue` of an instant, or at or after its `nextDue`, never both.
 */
export function previousDue(
  cron: Cron,
  timezone: string,
  before: Date | number,
  notBefore: Date | number = +before - HORIZON,
): Date | null {
  return dateOf(lastMinuteOf(cron, zoneNamed(timezone), +notBefore, +before));
}

/** The `count` last due times that are `before` or earlier and `notBefore` or later, newest first. */
export function previousDues(
  cron: Cron,
  timezone: string,
  before: Date | number,
  count: number,
  notBefore: Date | number,
): Date[] {
  const dues: Date[] = [];
  let due = previousDue(cron, timezone, before, notBefore);
  while (due && dues.length < count) {
    dues.push(due);
    due = previousDue(cron, timezone, due.getTime() - 1, notBefore);
  }
  return dues;
}

/** How many due times there are from `since` to `until`, both inclusive. Takes a microsecond a day. */
export function countDues(cron: Cron, timezone: string, since: Date | number, until: Date | number): number {
  return countMinutesOf(cron, zoneNamed(timezone), +since, +until);
}

const dateOf = (instant: number | null) => (instant === null ? null : new Date(instant));
