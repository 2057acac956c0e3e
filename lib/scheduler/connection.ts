import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import { QuotaExceeded, Refused, Unavailable } from '../runtime/failures';
import type { SchedulerTarget } from './definition';

/** EventBridge Scheduler, and the group of schedules in it that is ours. */
export interface SchedulerConnection {
  client: SchedulerClient;
  target: SchedulerTarget;
}

export const isNamed = (error: Error, name: string) => error.name === name;

/** @throws what the Scheduler's error means */
export const failed = (error: Error): never => {
  if (isNamed(error, 'ValidationException')) throw new Refused('Scheduler', error);
  if (isNamed(error, 'ServiceQuotaExceededException')) throw new QuotaExceeded('Scheduler', error);
  throw new Unavailable('Scheduler', error);
};

/** Answers `otherwise` if the schedule or group does not exist; throws any other error. */
export const ifGone =
  <T>(otherwise: T) =>
  (error: Error): T =>
    isNamed(error, 'ResourceNotFoundException') ? otherwise : failed(error);
