import { setTimeout as realSleep } from 'node:timers/promises';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { type Clock, startClock } from '../../../localstack/clock/clock';
import type { DeadLetter } from '../../../localstack/clock/delivery';
import { schedulesInForce } from '../../../localstack/clock/inForce';
import type { Standing } from '../../../localstack/clock/place';
import { functionError, type Invoke } from '../../../localstack/lambda/invocation';
import { startSchedulerApi } from '../../../localstack/scheduler/api';
import { manualTime } from './manualTime';

export const groupName = 'clock-test';
const client = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};

export type World = Awaited<ReturnType<typeof openWorld>>;

const startScheduler = async (port: number) => {
  const api = await startSchedulerApi({ port });
  const scheduler = new SchedulerClient({ ...client, endpoint: api.url });
  await scheduler.send(new CreateScheduleGroupCommand({ Name: groupName }));
  return { api, scheduler };
};

/** A target that notes what it is invoked with, and fails when it is told to. */
const targetOf = (world: {
  invoked: { name: string; time: string }[];
  failing: (name: string, attempt: number) => boolean;
}): Invoke => {
  const attempts = new Map<string, number>();
  return async (_, payload) => {
    const { name, time } = JSON.parse(payload);
    const attempt = (attempts.get(name + time) ?? 0) + 1;
    attempts.set(name + time, attempt);
    world.invoked.push({ name, time });
    await realSleep(1);
    return world.failing(name, attempt)
      ? functionError('Broken', 'no store')
      : { type: 'success', payload: Buffer.from('{}') };
  };
};

export const definition = (
  name: string,
  cron: string,
  more: Partial<CreateScheduleCommandInput['Target']> = {},
) => ({
  Name: name,
  GroupName: groupName,
  ScheduleExpression: `cron(${cron})`,
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  Target: {
    Arn: 'arn:aws:lambda:us-east-1:000000000000:function:computeAccuracy',
    RoleArn: 'arn:aws:iam::000000000000:role/local',
    Input: JSON.stringify({ name, time: '<aws.scheduler.scheduled-time>' }),
    ...more,
  },
});

export const stoodAt = (moment: string): Standing => ({
  since: Date.parse(moment),
  undelivered: new Map(),
});

/** The clock, a real Scheduler API and a target, in a time that is told to move. It is 10:00:30. */
export const openWorld = async () => {
  const told = {
    invoked: [] as { name: string; time: string }[],
    failing: (_name: string, _attempt: number) => false,
    letters: [] as DeadLetter[],
    clocks: [] as Clock[],
    losses: 0,
    place: undefined as Standing | undefined,
    t: manualTime('2026-03-01T10:00:30Z'),
    ...(await startScheduler(0)),
  };
  const invoke = targetOf(told);
  return Object.assign(told, {
    /** As LocalStack restarts: at the same address, with nothing in it. */
    loseScheduler: async () => {
      const port = Number(new URL(told.api.url).port);
      await told.api.close();
      Object.assign(told, await startScheduler(port));
    },
    run: async (onLoss: () => Promise<unknown> = async () => {}) => {
      const clock = await startClock({
        inForce: schedulesInForce(told.scheduler, groupName),
        invoke,
        place: {
          read: async () => told.place,
          write: async (standing) => {
            told.place = standing;
          },
        },
        time: told.t.time,
        sendDeadLetter: async (letter) => {
          told.letters.push(letter);
        },
        onLoss: async () => {
          told.losses++;
          await onLoss();
        },
        onEvent: () => {},
      });
      told.clocks.push(clock);
      await realSleep(50); // its first look
      return clock;
    },
    create: (...args: Parameters<typeof definition>) =>
      told.scheduler.send(new CreateScheduleCommand(definition(...args))),
    timesOf: (name: string) =>
      told.invoked.filter((one) => one.name === name).map(({ time }) => time.slice(11, 16)),
    close: async () => {
      await Promise.all(told.clocks.map((clock) => clock.stop()));
      told.scheduler.destroy();
      await told.api.close();
    },
  });
};
