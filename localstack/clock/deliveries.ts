import type { GetScheduleCommandOutput } from '@aws-sdk/client-scheduler';
import { type DeliveryOptions, type Due, defaultRetryPolicy, deliver } from './delivery';
import { parseScheduleExpression } from './expression';

/** The newest due time in (after, until] that is still young enough. */
const newestDue = (schedule: GetScheduleCommandOutput, after: number, until: number): Due | undefined => {
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

/** What has been handed out for delivery, and the place that follows from it. */
export class Deliveries {
  /** Every schedule's due times up to here are handed out. */
  since: number;
  /** Newer ones that are handed out already, by schedule. */
  private readonly handedOut = new Map<string, number>();
  private readonly outstanding = new Set<Due>();

  constructor(
    place: number,
    private readonly options: DeliveryOptions,
    private readonly onIdle: () => void,
  ) {
    this.since = place;
  }

  handOut(schedules: Iterable<GetScheduleCommandOutput>, until: number) {
    for (const schedule of schedules) {
      const name = schedule.Name as string;
      try {
        const due = newestDue(schedule, Math.max(this.since, this.handedOut.get(name) ?? 0), until);
        if (!due) continue;
        this.handedOut.set(name, due.time.getTime());
        this.start(due);
      } catch (error) {
        this.options.onEvent({
          message: 'schedule cannot be read',
          schedule: name,
          error: (error as Error).message,
        });
      }
    }
  }

  /** All due times of all schedules up to `until` have been handed out. */
  complete(until: number) {
    this.since = Math.max(this.since, until);
    for (const [name, time] of this.handedOut) if (time <= this.since) this.handedOut.delete(name);
  }

  /** Just before the oldest due time that is not delivered. */
  place(): number {
    let place = this.since;
    for (const { time } of this.outstanding) place = Math.min(place, time.getTime() - 1);
    return place;
  }

  private start(due: Due) {
    this.outstanding.add(due);
    deliver(this.options, due).then(
      () => {
        this.outstanding.delete(due);
        if (this.outstanding.size === 0) this.onIdle();
      },
      () => {}, // stopped: it stays outstanding, and the place before it
    );
  }
}
