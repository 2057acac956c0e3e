import { isDeepStrictEqual } from 'node:util';
import { GetScheduleCommand, paginateListSchedules } from '@aws-sdk/client-scheduler';
import { ifGone, type SchedulerConnection } from './connection';
import { scheduleDefinition } from './definition';
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

export const listNames =
  ({ client, target }: SchedulerConnection): Scheduler['names'] =>
  async () => {
    const names = new Set<string>();
    const pages = paginateListSchedules({ client, pageSize: 100 }, { GroupName: target.groupName });
    try {
      for await (const { Schedules } of pages)
        for (const { Name } of Schedules ?? []) names.add(Name as string);
    } catch (error) {
      return ifGone(new Set<string>())(error as Error);
    }
    return names;
  };
