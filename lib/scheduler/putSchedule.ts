import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { failed, isNamed, type SchedulerConnection } from './connection';
import { scheduleDefinition } from './definition';
import type { Scheduler } from './scheduler';

export const putSchedule =
  ({ client, target }: SchedulerConnection): Scheduler['put'] =>
  async (settings, isNew) => {
    const definition = scheduleDefinition(settings, target);
    const create = () => client.send(new CreateScheduleCommand(definition));
    const update = () => client.send(new UpdateScheduleCommand(definition));
    const makeGroup = () =>
      client
        .send(new CreateScheduleGroupCommand({ Name: target.groupName }))
        .catch((error) => isNamed(error, 'ConflictException') || Promise.reject(error));
    // Neither there nor to be made: it is the group that is missing.
    const createWithGroup = () =>
      create().catch(async (error) => {
        if (!isNamed(error, 'ResourceNotFoundException')) throw error;
        await makeGroup();
        return create();
      });
    const [first, mistaken, second] = isNew
      ? ([createWithGroup, 'ConflictException', update] as const)
      : ([update, 'ResourceNotFoundException', createWithGroup] as const);
    await first()
      .catch((error) => (isNamed(error, mistaken) ? second() : Promise.reject(error)))
      .catch(failed);
  };
