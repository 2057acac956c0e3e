import { setTimeout as sleep } from 'node:timers/promises';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { GetScheduleCommandOutput, SchedulerClient } from '@aws-sdk/client-scheduler';
import { limit } from '../../lib/limit';
import { type DeadLetter, type DeliveryOptions, type Due, deliver } from './delivery';
import { parseScheduleExpression } from './expression';
import { type InForce, schedulesInForce } from './inForce';
import type { Place } from './place';

const minuteMs = 60_000;
/** Where a schedule does not say otherwise, a due time older than this is not delivered any more. */
const defaultAgeSeconds = 86_400;

export interface ClockOptions {
  scheduler: SchedulerClient;
  lambda: LambdaClient;
  groupName: string;
  place: Place;
  sendDeadLetter: (letter: DeadLetter) => Promise<void>;
  /** Called when many schedules went missing at once: the Scheduler may have lost its state. */
  onLoss: () => Promise<void>;
  onEvent: (event: Record<string, unknown>) => void;
  /** Invokes at a time. */
  width?: number;
  now?: () => number;
}

export interface Clock {
  /** Stops; what was not delivered is by the next clock that starts at this place. */
  stop: () => Promise<void>;
}

const floorMinute = (ms: number) => Math.floor(ms / minuteMs) * minuteMs;

/** The newest due time in (after, until] that is still young enough. */
const newestDue = (schedule: GetScheduleCommandOutput, after: number, until: number): Due | undefined => {
  const age = (schedule.Target?.RetryPolicy?.MaximumEventAgeInSeconds ?? defaultAgeSeconds) * 1000;
  const since = Math.max(after, until - age, (schedule.StartDate?.getTime() ?? 0) - 1);
  const last = Math.min(until, schedule.EndDate?.getTime() ?? until);
  const start = schedule.StartDate ?? schedule.CreationDate ?? new Date(0);
  const expression = parseScheduleExpression(schedule.ScheduleExpression ?? '');
  const time = expression.lastDue(schedule.ScheduleExpressionTimezone ?? 'UTC', since, last, start);
  return time ? { schedule, time } : undefined;
};

/** What has been handed out for delivery, and the place that follows from it. */
class Deliveries {
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

/**
 * EventBridge Scheduler's second half: at every minute it invokes what is due. A due time is handed out from what was
 * known at the boundary at once, and from a look just after it for what was changed in the last seconds. Due times that
 * passed while nobody looked are delivered late, the newest of each schedule.
 */
export const startClock = async (options: ClockOptions): Promise<Clock> => {
  const { scheduler, groupName, place, onLoss, onEvent, now = Date.now } = options;
  const stopping = new AbortController();
  const inForce: InForce = schedulesInForce(scheduler, groupName);
  const savePlace = () =>
    place
      .write(deliveries.place())
      .catch((error) => onEvent({ message: 'place not kept', error: error.message }));
  const deliveries = new Deliveries(
    (await place.read()) ?? floorMinute(now()),
    { ...options, now, signal: stopping.signal, turn: limit(options.width ?? 64) },
    savePlace,
  );
  let looking: Promise<void> | undefined;

  const look = async () => {
    const until = floorMinute(now());
    await inForce.refresh(onLoss);
    deliveries.handOut(inForce.schedules(), until);
    deliveries.complete(until);
  };

  /** One look at a time; while the Scheduler is away what is known goes on. */
  const lookOnce = () => {
    looking ??= look()
      .catch((error) => onEvent({ message: 'Scheduler not available', error: error.message }))
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };

  const run = async () => {
    await lookOnce();
    for (;;) {
      const boundary = floorMinute(now()) + minuteMs;
      await sleep(Math.max(0, boundary - 3000 - now()), undefined, { signal: stopping.signal });
      void lookOnce();
      await sleep(Math.max(0, boundary - now()), undefined, { signal: stopping.signal });
      deliveries.handOut(inForce.schedules(), floorMinute(now()));
      void Promise.resolve(looking).then(lookOnce).then(savePlace);
    }
  };

  const running = run().catch(() => {}); // only the signal ends it
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await looking;
      await savePlace();
    },
  };
};
