import { parseCron } from './cron/cron';
import { zoneNamed } from './cron/timezone';
import { type Timing, unreadable } from './schedule';

/** All that decides when an expression is due, in one spelling. */
const normalForm = ({ cron_expression, timezone }: Timing): string => {
  const { minutes, hours, months, daysOfMonth, daysOfWeek, bothDayFields } = parseCron(cron_expression);
  const parts = [minutes, hours, months, daysOfMonth, daysOfWeek, bothDayFields, zoneNamed(timezone).name];
  return JSON.stringify(parts);
};

/** Whether two schedules have the same due times, however they are spelt. One that cannot be read is like no other. */
export const sameTiming = (a: Timing, b: Timing): boolean =>
  (a.cron_expression === b.cron_expression && a.timezone === b.timezone) ||
  (!unreadable(a) && !unreadable(b) && normalForm(a) === normalForm(b));
