import { DeleteScheduleCommand } from '@aws-sdk/client-scheduler';
import { ifGone, type SchedulerConnection } from './connection';
import type { Scheduler } from './scheduler';

export const deleteSchedule =
  ({ client, target }: SchedulerConnection): Scheduler['delete'] =>
  async (modelId) => {
    await client
      .send(new DeleteScheduleCommand({ Name: modelId, GroupName: target.groupName }))
      .catch(ifGone(undefined));
  };
