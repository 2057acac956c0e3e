import {
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  paginateListSchedules,
  type SchedulerClient,
  type ScheduleSummary,
} from '@aws-sdk/client-scheduler';
import pLimit from 'p-limit';

/** As GetSchedule answers it. */
export type Schedule = Omit<GetScheduleCommandOutput, '$metadata'>;

interface Cached {
  modified: number | undefined;
  schedule: Schedule;
}

const requestsAtATime = 8;

/** The enabled schedules of all groups, as they were at the last refresh. */
export const openScheduleCache = (client: SchedulerClient) => {
  let cached = new Map<string, Cached>();

  const list = async () => {
    const found: ScheduleSummary[] = [];
    for await (const page of paginateListSchedules({ client, pageSize: 100 }, { State: 'ENABLED' })) {
      found.push(...(page.Schedules ?? []));
    }
    return found;
  };

  const get = async ({ Name, GroupName }: ScheduleSummary): Promise<Schedule | undefined> => {
    try {
      const { $metadata: _, ...schedule } = await client.send(new GetScheduleCommand({ Name, GroupName }));
      return schedule;
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  };

  /** Gets only those that are new or changed. */
  const read = async () => {
    const next = new Map<string, Cached>();
    const limit = pLimit(requestsAtATime);
    const add = async (summary: ScheduleSummary) => {
      const key = `${summary.GroupName}/${summary.Name}`;
      const modified = summary.LastModificationDate?.getTime();
      const before = cached.get(key);
      if (before && before.modified === modified) return next.set(key, before);
      const schedule = await limit(() => get(summary));
      return schedule && next.set(key, { modified, schedule });
    };
    await Promise.all((await list()).map(add));
    return next;
  };

  return {
    /**
     * @param onLoss called before half or more of the schedules are forgotten, which is then looked at again: the
     * Scheduler may have lost its state
     * @throws the Scheduler's error, or onLoss's; the schedules stay as they were
     */
    refresh: async (onLoss: () => Promise<void>): Promise<void> => {
      let next = await read();
      const gone = [...cached.keys()].filter((key) => !next.has(key)).length;
      if (gone > 0 && gone * 2 >= cached.size) {
        await onLoss();
        next = await read();
      }
      cached = next;
    },
    *schedules(): Generator<Schedule> {
      for (const { schedule } of cached.values()) yield schedule;
    },
    /** Forgets one that is known to be gone. */
    remove: ({ GroupName, Name }: Schedule): void => {
      cached.delete(`${GroupName}/${Name}`);
    },
  };
};
