import { type DeliveryOptions, type Due, defaultRetryPolicy, deliver } from './delivery';
import { parseScheduleExpression } from './expression';
import type { Schedule } from './inForce';
import type { Standing } from './place';

/** The newest due time in (after, until] that is still young enough. */
const newestDue = (schedule: Schedule, after: number, until: number): Due | undefined => {
  const age =
    (schedule.Target?.RetryPolicy?.MaximumEventAgeInSeconds ?? defaultRetryPolicy.MaximumEventAgeInSeconds) *
    1000;
  const since = Math.max(after, until - age, (schedule.StartDate?.getTime() ?? 0) - 1);
  const last = Math.min(until, schedule.EndDate?.getTime() ?? until);
  const start = schedule.StartDate ?? schedule.CreationDate ?? new Date(0);
  const expression = parseScheduleExpression(schedule.ScheduleExpression ?? '');
  const time = expression.lastDue(schedule.ScheduleExpressionTimezone ?? 'UTC', since, last, start);
  return time ? { schedule, time } : undefined;
};

/** What has been handed out for delivery, and the standing that follows from it. */
export class Deliveries {
  /** Every schedule's due times up to here are handed out. */
  private since: number;
  /** Newer ones that are handed out already, by schedule. */
  private readonly handedOut = new Map<string, number>();
  private readonly outstanding = new Set<Due>();
  /** Handed out by a clock before this one, and not delivered then. */
  private readonly owed: Map<string, number[]>;

  /** @param keep keeps the standing; called before anything is delivered, and when all is */
  constructor(
    standing: Standing,
    private readonly options: DeliveryOptions,
    private readonly keep: () => Promise<void>,
  ) {
    this.since = standing.since;
    this.owed = standing.undelivered;
  }

  /** Killed at any moment, the next clock delivers what this one has not: so they are on disk before the first goes. */
  async handOut(schedules: Iterable<Schedule>, until: number) {
    const dues = [...schedules].flatMap((schedule) => this.take(schedule, until));
    if (dues.length === 0) return;
    await this.keep();
    for (const due of dues) this.start(due);
  }

  /** All due times of all schedules up to `until` have been handed out; what is owed to none of them is to nobody. */
  complete(until: number) {
    this.owed.clear();
    this.since = Math.max(this.since, until);
    for (const [name, time] of this.handedOut) if (time <= this.since) this.handedOut.delete(name);
  }

  standing(): Standing {
    const undelivered = new Map([...this.owed].map(([name, times]) => [name, [...times]]));
    for (const { schedule, time } of this.outstanding) {
      const name = schedule.Name as string;
      const times = undelivered.get(name) ?? [];
      times.push(time.getTime());
      undelivered.set(name, times);
    }
    return { since: this.since, undelivered };
  }

  private take(schedule: Schedule, until: number): Due[] {
    const name = schedule.Name as string;
    const owed = this.owed.get(name) ?? [];
    this.owed.delete(name);
    const dues = owed.map((time) => ({ schedule, time: new Date(time) }));
    try {
      const newest = newestDue(schedule, Math.max(this.since, this.handedOut.get(name) ?? 0, ...owed), until);
      if (newest) {
        this.handedOut.set(name, newest.time.getTime());
        dues.push(newest);
      }
    } catch (error) {
      const { message } = error as Error;
      this.options.onEvent({ message: 'schedule cannot be read', schedule: name, error: message });
    }
    for (const due of dues) this.outstanding.add(due);
    return dues;
  }

  private start(due: Due) {
    deliver(this.options, due).then(
      () => {
        this.outstanding.delete(due);
        if (this.outstanding.size === 0) void this.keep();
      },
      () => {}, // stopped: it stays outstanding
    );
  }
}
