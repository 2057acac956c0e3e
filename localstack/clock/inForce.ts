import {
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  paginateListSchedules,
  type SchedulerClient,
  type ScheduleSummary,
  type Target,
} from '@aws-sdk/client-scheduler';
import pLimit from 'p-limit';

/** What the clock reads of GetSchedule's answer. */
export type Schedule = Omit<GetScheduleCommandOutput, '$metadata' | 'Target'> & {
  Target?: Pick<Target, 'Arn' | 'Input' | 'RetryPolicy' | 'DeadLetterConfig'> | undefined;
};

/** The enabled schedules of a group, as they were at the last look. */
export interface InForce {
  schedules: () => Iterable<Schedule>;
  /**
   * Looks again; asks only for those that are new or changed.
   * @param onLoss called before half or more of what was known is forgotten: the Scheduler may have lost its state
   * @throws the Scheduler's error; what was known stays known
   */
  refresh: (onLoss: () => Promise<void>) => Promise<void>;
}

interface Known {
  modified: number | undefined;
  schedule: Schedule;
}

/** Of a Scheduler that is asked over HTTP. */
export const schedulesInForce = (client: SchedulerClient, groupName: string): InForce => {
  let known = new Map<string, Known>();

  const list = async () => {
    const entries: ScheduleSummary[] = [];
    const pages = paginateListSchedules(
      { client, pageSize: 100 },
      { GroupName: groupName, State: 'ENABLED' },
    );
    for await (const page of pages) entries.push(...(page.Schedules ?? []));
    return entries;
  };

  const get = async (name: string) =>
    client
      .send(new GetScheduleCommand({ Name: name, GroupName: groupName }))
      .catch((error) => (error.name === 'ResourceNotFoundException' ? undefined : Promise.reject(error)));

  const look = async () => {
    const next = new Map<string, Known>();
    const turn = pLimit(8);
    const add = async ({ Name: name = '', LastModificationDate }: ScheduleSummary) => {
      const modified = LastModificationDate?.getTime();
      const before = known.get(name);
      if (before && before.modified === modified) return next.set(name, before);
      const schedule = await turn(() => get(name));
      return schedule && next.set(name, { modified, schedule });
    };
    await Promise.all((await list()).map(add));
    return next;
  };

  return {
    refresh: async (onLoss) => {
      let next = await look();
      const gone = [...known.keys()].filter((name) => !next.has(name)).length;
      if (gone > 0 && gone * 2 >= known.size) {
        await onLoss();
        next = await look();
      }
      known = next;
    },
    schedules: function* () {
      for (const { schedule } of known.values()) yield schedule;
    },
  };
};
