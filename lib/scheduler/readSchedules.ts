import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { GetScheduleCommand, paginateListSchedules } from '@aws-sdk/client-scheduler';
import { ifGone, type SchedulerConnection } from './connection';
import { type SchedulerTarget, scheduleDefinition } from './definition';
import type { Scheduler } from './scheduler';

export const hasSchedule =
  ({ client, target }: SchedulerConnection): Scheduler['has'] =>
  async (settings) => {
    const wanted = scheduleDefinition(settings, target);
    const found = await client
      .send(new GetScheduleCommand({ Name: settings.model_id, GroupName: target.groupName }))
      .catch(ifGone(undefined));
    const keys = Object.keys(wanted) as (keyof typeof wanted)[];
    return keys.every((key) => isDeepStrictEqual(found?.[key as keyof typeof found], wanted[key]));
  };

export const digestOf =
  (target: SchedulerTarget): Scheduler['digest'] =>
  (settings) =>
    createHash('sha256')
      .update(JSON.stringify(scheduleDefinition(settings, target)))
      .digest('base64');

export const listSchedules =
  ({ client, target }: SchedulerConnection): Scheduler['list'] =>
  async () => {
    const found = new Map<string, Date | undefined>();
    const pages = paginateListSchedules({ client, pageSize: 100 }, { GroupName: target.groupName });
    try {
      for await (const { Schedules } of pages)
        for (const { Name, LastModificationDate } of Schedules ?? [])
          found.set(Name as string, LastModificationDate);
    } catch (error) {
      return ifGone(new Map<string, Date | undefined>())(error as Error);
    }
    return found;
  };
