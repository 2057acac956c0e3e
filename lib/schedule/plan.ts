import { countDues, nextDue, parseCron, previousDues } from './cron/cron';
import { type Settings, type Timing, unreadable } from './schedule';

type Planned = Timing & Pick<Settings, 'flexible_window_minutes'>;

const minuteMs = 60_000;

/** How long after its due time a run is expected at the latest: two minutes after its window. */
export const graceMs = ({ flexible_window_minutes }: Planned): number =>
  (flexible_window_minutes + 2) * minuteMs;

/** When a run of this due time counts as missed. */
export const missedAt = (schedule: Planned, due: Date): Date => new Date(due.getTime() + graceMs(schedule));

/** The due time after this instant; null if there is none, or the schedule cannot be read. */
export const followingDue = (schedule: Timing, after: Date): Date | null =>
  unreadable(schedule) ? null : nextDue(parseCron(schedule.cron_expression), schedule.timezone, after);

/** So many due times of one look get a row of their own when they are missed. */
const listed = 100;

/** The due times in a stretch of time, ascending: the last hundred, and how many come before those. */
export const duesBetween = (
  { cron_expression, timezone }: Timing,
  from: Date,
  until: Date,
): { dues: Date[]; before: number } => {
  const cron = parseCron(cron_expression);
  const dues = previousDues(cron, timezone, until, listed, from).reverse();
  const [first] = dues;
  const before = dues.length < listed || !first ? 0 : countDues(cron, timezone, from, first) - 1;
  return { dues, before };
};
