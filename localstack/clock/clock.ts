import { setMaxListeners } from 'node:events';
import { DeleteScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { type DeliveryOptions, deliver } from './delivery';
import { type Due, DueTimes, isLast } from './dueTimes';
import { openScheduleCache } from './scheduleCache';
import { systemTime, type Time } from './time';

const minuteMs = 60_000;

/** Before each minute: time to get what has changed. */
const refreshAheadMs = 3000;
const refreshAgainMs = 2000;

export interface ClockOptions extends Pick<DeliveryOptions, 'targets' | 'sendDeadLetter' | 'onEvent'> {
  scheduler: SchedulerClient;
  /**
   * Called when many schedules are gone at once: the Scheduler may have lost its state. Until it resolves, and when it
   * rejects, the schedules that were known go on.
   */
  onLoss: () => Promise<void>;
  time?: Time;
}

export interface Clock {
  stop: () => Promise<void>;
}

const floorMinute = (ms: number) => Math.floor(ms / minuteMs) * minuteMs;

/**
 * The half of EventBridge Scheduler that LocalStack lacks: it invokes what is due. It asks the Scheduler just before a
 * minute begins, fires what is known when it begins, and asks again for what was changed in the last seconds. It keeps
 * nothing on disk: minutes in which no clock ran are for `watch` to find.
 */
export const startClock = (options: ClockOptions): Clock => {
  const { scheduler, onLoss, onEvent, time = systemTime } = options;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal); // every delivery listens
  const { signal } = stopping;
  const cache = openScheduleCache(scheduler);
  const dueTimes = new DueTimes(floorMinute(time.now()), ({ Arn }, { message }) =>
    onEvent({ message: 'schedule cannot be read', schedule: Arn, error: message }),
  );
  let refreshing: Promise<void> | undefined;
  let away = false;

  /** ActionAfterCompletion. */
  const deleteCompleted = async (due: Due) => {
    const { ActionAfterCompletion, GroupName, Name } = due.schedule;
    if (ActionAfterCompletion !== 'DELETE' || !isLast(due)) return;
    await scheduler.send(new DeleteScheduleCommand({ GroupName, Name }));
    cache.remove(due.schedule);
  };

  const deliverOne = (due: Due) =>
    deliver({ ...options, time, signal }, due)
      .then(() => deleteCompleted(due))
      .catch((error: Error) => {
        if (!signal.aborted) onEvent({ message: 'schedule not deleted', schedule: due.schedule.Arn, error });
      });

  /** What is due in this minute; an at() with seconds waits for its second. */
  const fire = () => {
    const endOfMinute = floorMinute(time.now()) + minuteMs - 1;
    for (const due of dueTimes.take(cache.schedules(), endOfMinute)) void deliverOne(due);
  };

  const refresh = async () => {
    const minute = floorMinute(time.now());
    await cache.refresh(onLoss);
    fire();
    dueTimes.done(minute);
  };

  /** One at a time; while the Scheduler is away the schedules that are known go on. */
  const refreshOnce = () => {
    refreshing ??= refresh()
      .then(
        () => {
          if (away) onEvent({ message: 'Scheduler available again' });
          away = false;
        },
        (error) => {
          if (!away) onEvent({ message: 'Scheduler not available', error: error.message });
          away = true;
        },
      )
      .finally(() => {
        refreshing = undefined;
      });
    return refreshing;
  };

  const run = async () => {
    await refreshOnce();
    for (;;) {
      const boundary = floorMinute(time.now()) + minuteMs;
      while (away && time.now() < boundary - refreshAheadMs - refreshAgainMs) {
        await time.sleep(refreshAgainMs, signal);
        void refreshOnce();
      }
      await time.sleep(boundary - refreshAheadMs - time.now(), signal);
      void refreshOnce();
      await time.sleep(boundary - time.now(), signal);
      fire();
      void Promise.resolve(refreshing).then(refreshOnce);
    }
  };

  const running = run().catch(() => {}); // only the signal ends it
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await refreshing;
    },
  };
};
