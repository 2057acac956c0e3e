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

/**
 * The due times from one instant to another that have no run, ascending: the last hundred, and how many come before those.
 * `recorded` are those that have one, in seconds since 1970.
 */
export const duesWithoutRun = (
  { cron_expression, timezone }: Timing,
  from: Date,
  until: Date,
  recorded: number[],
): { dues: Date[]; before: number } => {
  const cron = parseCron(cron_expression);
  const ran = new Set(recorded.map((seconds) => seconds * 1000));
  const newest = previousDues(cron, timezone, until, listed + ran.size, from);
  const [oldest] = newest.slice(-1);
  if (!oldest) return { dues: [], before: 0 };
  const without = newest.filter((due) => !ran.has(due.getTime()));
  const older = countDues(cron, timezone, from, until) - newest.length;
  const olderRan = [...ran].filter((time) => time < oldest.getTime()).length;
  const dues = without.slice(0, listed).reverse();
  return { dues, before: without.length - dues.length + older - olderRan };
};
