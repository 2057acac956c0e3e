import { isDeepStrictEqual } from 'node:util';
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  paginateListSchedules,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { QuotaExceeded, Refused, Unavailable } from '../runtime/failures';
import type { Settings } from '../schedule/schedule';
import { type SchedulerTarget, scheduleDefinition } from './definition';

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
  /** The names of all schedules. */
  names(): Promise<Set<string>>;
}

const isNamed = (error: Error, ...names: string[]) => names.includes(error.name);

const failure = (error: Error): Error => {
  if (isNamed(error, 'ValidationException')) return new Refused('Scheduler', error);
  if (isNamed(error, 'ServiceQuotaExceededException')) return new QuotaExceeded('Scheduler', error);
  return new Unavailable('Scheduler', error);
};

const failed = (error: Error): never => {
  throw failure(error);
};

const ifGone =
  <T>(otherwise: T) =>
  (error: Error): T =>
    isNamed(error, 'ResourceNotFoundException') ? otherwise : failed(error);

export const openScheduler = (client: SchedulerClient, target: SchedulerTarget): Scheduler => {
  const GroupName = target.groupName;

  const makeGroup = () =>
    client
      .send(new CreateScheduleGroupCommand({ Name: GroupName }))
      .catch((error) => isNamed(error, 'ConflictException') || Promise.reject(error));

  return {
    put: async (settings, isNew) => {
      const definition = scheduleDefinition(settings, target);
      const create = () => client.send(new CreateScheduleCommand(definition));
      const update = () => client.send(new UpdateScheduleCommand(definition));
      // Neither there nor to be made: it is the group that is missing.
      const createWithGroup = () =>
        create().catch(async (error) => {
          if (!isNamed(error, 'ResourceNotFoundException')) throw error;
          await makeGroup();
          return create();
        });
      const [first, mistaken, second] = isNew
        ? [createWithGroup, 'ConflictException', update]
        : [update, 'ResourceNotFoundException', createWithGroup];
      await first()
        .catch((error) => (isNamed(error, mistaken) ? second() : Promise.reject(error)))
        .catch(failed);
    },
    delete: async (modelId) => {
      await client.send(new DeleteScheduleCommand({ Name: modelId, GroupName })).catch(ifGone(undefined));
    },
    has: async (settings) => {
      const wanted = scheduleDefinition(settings, target);
      const found = await client
        .send(new GetScheduleCommand({ Name: settings.model_id, GroupName }))
        .catch(ifGone(undefined));
      const keys = Object.keys(wanted) as (keyof typeof wanted)[];
      return keys.every((key) => isDeepStrictEqual(found?.[key as keyof typeof found], wanted[key]));
    },
    names: async () => {
      const names = new Set<string>();
      try {
        for await (const { Schedules } of paginateListSchedules({ client, pageSize: 100 }, { GroupName })) {
          for (const { Name } of Schedules ?? []) names.add(Name as string);
        }
      } catch (error) {
        return ifGone(new Set<string>())(error as Error);
      }
      return names;
    },
  };
};
