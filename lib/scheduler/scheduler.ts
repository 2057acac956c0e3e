import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Settings } from '../schedule/schedule';
import type { SchedulerTarget } from './definition';
import { deleteSchedule } from './deleteSchedule';
import { putSchedule } from './putSchedule';
import { digestOf, hasSchedule, listSchedules } from './readSchedules';

/** EventBridge Scheduler, for one schedule a model in a group of ours. All methods throw Unavailable. */
export interface Scheduler {
  /**
   * Makes or replaces a model's schedule, and the group if that is gone.
   * @param isNew whether there is probably none yet: the other call follows only if the Scheduler knew better
   * @throws Refused, QuotaExceeded
   */
  put(settings: Settings, isNew: boolean): Promise<void>;
  /** Deletes a model's schedule, or does nothing if there is none. */
  delete(modelId: string): Promise<void>;
  /** Whether the Scheduler has just what `put` would make. */
  has(settings: Settings): Promise<boolean>;
  /** The names of all schedules, and when each was modified. */
  list(): Promise<Map<string, Date | undefined>>;
  /** Says whether two definitions that `put` would make are the same. */
  digest(settings: Settings): string;
}

/** All of it. A function that needs one method takes that alone: its bundle then has only the calls its role allows. */
export const openScheduler = (client: SchedulerClient, target: SchedulerTarget): Scheduler => ({
  put: putSchedule({ client, target }),
  delete: deleteSchedule({ client, target }),
  has: hasSchedule({ client, target }),
  list: listSchedules({ client, target }),
  digest: digestOf(target),
});
