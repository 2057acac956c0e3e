import { parseScheduleExpression } from './expression';
import type { Schedule } from './scheduleCache';

/** One due time of one schedule. */
export interface Due {
  schedule: Schedule;
  time: Date;
}

/** A due time that is later than this, after a stall of the process, is left to `watch`, which has recorded it by then. */
const maxLateMs = 2 * 60_000;

const keyOf = ({ GroupName, Name }: Schedule) => `${GroupName}/${Name}`;

const expressionOf = ({ ScheduleExpression }: Schedule) => parseScheduleExpression(ScheduleExpression ?? '');

/** The newest due time in (after, until]. StartDate and EndDate are ignored for at() (CreateSchedule, EndDate). */
const newestDue = (schedule: Schedule, after: number, until: number): Date | undefined => {
  const expression = expressionOf(schedule);
  const { StartDate, EndDate, CreationDate, ScheduleExpressionTimezone: timezone = 'UTC' } = schedule;
  const first = expression.once ? 0 : (StartDate?.getTime() ?? 0);
  const last = expression.once ? until : Math.min(until, EndDate?.getTime() ?? until);
  const anchor = StartDate ?? CreationDate ?? new Date(0);
  return expression.lastDue(timezone, Math.max(after, first - 1), last, anchor) ?? undefined;
};

/** Whether no due time follows this one: the only one of at(), or the last before the EndDate. */
export const isLast = ({ schedule, time }: Due): boolean => {
  const { EndDate } = schedule;
  if (expressionOf(schedule).once) return true;
  return EndDate !== undefined && !newestDue(schedule, time.getTime(), EndDate.getTime());
};

/**
 * Which due times are to be fired. Each is given out once, also when the system clock steps back: what was given out is
 * remembered until all of its moment is done.
 */
export class DueTimes {
  /** Due times up to here are done with, whatever the schedule. */
  #doneUntil: number;
  /** The newest one given out, by schedule. */
  #given = new Map<string, number>();

  constructor(
    now: number,
    private readonly onUnreadable: (schedule: Schedule, error: Error) => void,
  ) {
    this.#doneUntil = now;
  }

  /** The newest due time of each schedule that has come by `until` and was not given out before. */
  take(schedules: Iterable<Schedule>, until: number): Due[] {
    const dues: Due[] = [];
    for (const schedule of schedules) {
      const key = keyOf(schedule);
      try {
        const after = Math.max(this.#doneUntil, this.#given.get(key) ?? 0, until - maxLateMs);
        const time = newestDue(schedule, after, until);
        if (!time) continue;
        this.#given.set(key, time.getTime());
        dues.push({ schedule, time });
      } catch (error) {
        this.onUnreadable(schedule, error as Error);
      }
    }
    return dues;
  }

  /** All schedules as they were at `moment` have been looked at. */
  done(moment: number): void {
    this.#doneUntil = Math.max(this.#doneUntil, moment);
    for (const [key, time] of this.#given) if (time <= this.#doneUntil) this.#given.delete(key);
  }
}
