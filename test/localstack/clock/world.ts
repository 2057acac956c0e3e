import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { type Clock, startClock } from '../../../localstack/clock/clock';
import type { DeadLetter } from '../../../localstack/clock/delivery';
import type { Targets } from '../../../localstack/clock/targets';
import { InvokeError } from '../../../localstack/lambda/invokeError';
import { startSchedulerApi } from '../../../localstack/scheduler/api';
import { manualTime, until } from './manualTime';

export const groupName = 'clock-test';
export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:computeAccuracy';
export const queueArn = 'arn:aws:sqs:us-east-1:000000000000:dead-letters';
const client = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Requests to the Scheduler that have no answer yet. */
let requests = 0;

const startScheduler = async (port: number, now: () => number) => {
  const api = await startSchedulerApi({ port, now });
  const scheduler = new SchedulerClient({ ...client, endpoint: api.url });
  const count = { step: 'finalizeRequest', name: 'count' } as const;
  scheduler.middlewareStack.add(
    (next) => (request) => {
      requests++;
      return next(request).finally(() => requests--);
    },
    count,
  );
  await scheduler.send(new CreateScheduleGroupCommand({ Name: groupName }));
  return { api, scheduler };
};

const given = { Arn: functionArn, RoleArn: 'arn:aws:iam::000000000000:role/local' };

/** A schedule whose target is told its name and due time. */
export const definition = (
  name: string,
  expression: string,
  { Target = given, ...more }: Partial<CreateScheduleCommandInput> = {},
): CreateScheduleCommandInput => ({
  Name: name,
  GroupName: groupName,
  ScheduleExpression: /^[a-z]+\(/.test(expression) ? expression : `cron(${expression})`,
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  ...more,
  Target: {
    Input: JSON.stringify({ name, time: '<aws.scheduler.scheduled-time>' }),
    ...Target,
  },
});

export const throttled = () => new InvokeError('TooManyRequestsException', 429, 'Rate Exceeded.');

interface Invoked {
  name: string;
  /** The due time. */
  time: string;
  /** When it was invoked. */
  at: string;
  functionName: string;
  payload: string;
}

/** The clock, a real Scheduler API and targets, in a time that is told to move. It is 10:00:30. */
export const openWorld = async () => {
  const t = manualTime('2026-03-01T10:00:30Z', () => requests > 0);
  const told = {
    t,
    invoked: [] as Invoked[],
    /** What Lambda's API answers to an attempt. */
    refusal: (_name: string, _attempt: number): Error | undefined => undefined,
    letters: [] as DeadLetter[],
    events: [] as Record<string, unknown>[],
    clocks: [] as Clock[],
    losses: 0,
    targets: {} as Partial<Targets>,
    ...(await startScheduler(0, t.time.now)),
  };
  const attempts = new Map<string, number>();
  const lambda = (functionName: string, payload: string) => {
    const { name = '', time = '' } = JSON.parse(payload);
    const attempt = (attempts.get(name + time) ?? 0) + 1;
    attempts.set(name + time, attempt);
    told.invoked.push({ name, time, at: new Date(t.time.now()).toISOString(), functionName, payload });
    const error = told.refusal(name, attempt);
    if (error) throw error;
  };
  return Object.assign(told, {
    /** As LocalStack restarts: at the same address, with nothing in it. */
    loseScheduler: async () => {
      const port = Number(new URL(told.api.url).port);
      await told.api.close();
      Object.assign(told, await startScheduler(port, t.time.now));
    },
    run: async (onLoss: () => Promise<unknown> = async () => {}) => {
      const clock = startClock({
        scheduler: told.scheduler,
        targets: { lambda, ...told.targets },
        time: t.time,
        sendDeadLetter: async (letter) => {
          told.letters.push(letter);
        },
        onLoss: async () => {
          told.losses++;
          await onLoss();
        },
        onEvent: (event) => told.events.push(event),
      });
      told.clocks.push(clock);
      await t.settled(); // its first look
      return clock;
    },
    create: (...args: Parameters<typeof definition>) =>
      told.scheduler.send(new CreateScheduleCommand(definition(...args))),
    /** Whether the Scheduler still has it. */
    has: (Name: string) =>
      told.scheduler.send(new GetScheduleCommand({ Name, GroupName: groupName })).then(
        () => true,
        () => false,
      ),
    of: (name: string) => told.invoked.filter((one) => one.name === name),
    timesOf: (name: string) =>
      told.invoked.filter((one) => one.name === name).map(({ time }) => time.slice(11, 16)),
    /** Moves the time on, and waits until a schedule was invoked so many times. */
    until: async (moment: string, name: string, times: number) => {
      await t.to(`2026-03-01T${moment}Z`);
      await until(() => told.invoked.filter((one) => one.name === name).length >= times);
    },
    close: async () => {
      await Promise.all(told.clocks.map((clock) => clock.stop()));
      told.scheduler.destroy();
      await told.api.close();
    },
  });
};
