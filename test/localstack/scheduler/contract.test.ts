import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { openEndpoint } from './endpoint';
import { badNames, faults, minimal } from './faults';
import { factsAboutAws } from './localStack';

const group = 'test-contract';
const otherGroup = 'test-contract-2';

const refusals = (verb: string, ...except: string[]) =>
  Object.keys(faults).flatMap((fault) => (except.includes(fault) ? [] : `${verb} refuses ${fault}`));

const { fact, everyDifferenceIsAFact } = factsAboutAws({
  differs: {
    'HTTP 400': ['a conflict is HTTP 409'],
    'it ignores tokens': ['the same ClientToken and body again is the same answer and changes nothing'],
    'InternalError 500': ['create in a group that does not exist is ResourceNotFoundException'],
    'create checks the form of the expression, the start, and nothing else': refusals(
      'create',
      'an expression in words',
      'a cron expression of four fields',
      'a cron expression without ?',
      'a start six minutes ago',
    ),
    'its regular expression wants six fields': ['the expression cron(0 12 * * ?)'],
    'it stores them': [
      "a rate that cannot be read is told in AWS's words",
      "a service that cannot be a target is told in AWS's words",
      "an operation that cannot be a target is told in AWS's words",
    ],
    'update checks nothing': refusals('update'),
    'it stores any name': Object.keys(badNames).map((name) => `create refuses ${name}`),
    'it leaves State undefined': ['update without State enables the schedule'],
    'it keeps the old one': ['update replaces ActionAfterCompletion'],
  },
  leftOut: {},
});

let client: SchedulerClient;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ client, close } = await openEndpoint(group, otherGroup));
});
afterAll(() => close());

const create = (schedule: CreateScheduleCommandInput) => client.send(new CreateScheduleCommand(schedule));
const update = (schedule: CreateScheduleCommandInput) => client.send(new UpdateScheduleCommand(schedule));
const get = (Name: string, GroupName = group) => client.send(new GetScheduleCommand({ Name, GroupName }));
const remove = (Name: string, GroupName = group) =>
  client.send(new DeleteScheduleCommand({ Name, GroupName }));

let names = 0;
const newName = () => `s${++names}`;

const full = (Name: string) => ({
  ...minimal(Name, group),
  ScheduleExpression: 'cron(0 8 ? * MON-FRI *)',
  ScheduleExpressionTimezone: 'Europe/Berlin',
  State: 'DISABLED' as const,
  Description: 'weekdays – ünd mehr',
  StartDate: new Date('2099-01-01T00:00:00.500Z'),
  EndDate: new Date('2099-02-01T00:00:00Z'),
  KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000',
  ActionAfterCompletion: 'DELETE' as const,
  FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 15 },
  Target: {
    ...minimal(Name, group).Target,
    Input: '{ "scheduled_time":"<aws.scheduler.scheduled-time>",  "ü": "\\u00e9" }',
    DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters' },
    RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
  },
});

describe('a schedule', () => {
  fact('is answered as it was put, to the byte and the millisecond', async () => {
    const schedule = full(newName());
    await create(schedule);
    expect(await get(schedule.Name)).toMatchObject(schedule);
  });

  fact('has an ARN of its region, account, group and name', async () => {
    const name = newName();
    const arn = `arn:aws:scheduler:us-east-1:000000000000:schedule/${group}/${name}`;
    expect((await create(minimal(name, group))).ScheduleArn).toBe(arn);
    expect((await update(minimal(name, group))).ScheduleArn).toBe(arn);
    expect((await get(name)).Arn).toBe(arn);
  });

  fact('is enabled, in UTC and tried 185 times over a day if nothing else is said', async () => {
    const name = newName();
    await create(minimal(name, group));
    const found = await get(name);
    expect(found).toMatchObject({
      State: 'ENABLED',
      ScheduleExpressionTimezone: 'UTC',
      Target: { RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 } },
    });
    expect(found.Description ?? found.StartDate ?? found.EndDate ?? found.KmsKeyArn).toBeUndefined();
    expect(found.Target?.Input ?? found.Target?.DeadLetterConfig).toBeUndefined();
  });

  fact('may have any of the 64 characters of a name, and 64 of them', async () => {
    const name = `-_.${'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.slice(0, 61)}`;
    await create(minimal(name, group));
    expect((await get(name)).Name).toBe(name);
  });

  fact('of the same name in another group is another schedule', async () => {
    const name = newName();
    await create(minimal(name, group));
    await create(minimal(name, otherGroup));
    await remove(name, otherGroup);
    expect((await get(name)).GroupName).toBe(group);
  });

  fact('is gone when deleted, and can be made again', async () => {
    const name = newName();
    await create(full(name));
    await remove(name);
    await expect(get(name)).rejects.toBeInstanceOf(ResourceNotFoundException);
    await create(minimal(name, group));
    expect((await get(name)).Description).toBeUndefined();
  });

  fact('may have begun four minutes ago', async () => {
    const name = newName();
    const StartDate = new Date(Date.now() - 4 * 60_000);
    await create({ ...minimal(name, group), StartDate });
    expect((await get(name)).StartDate).toEqual(StartDate);
  });
});

describe('what exists and what does not', () => {
  fact('create of a name that is taken is ConflictException and changes nothing', async () => {
    const name = newName();
    await create(minimal(name, group));
    await expect(create(full(name))).rejects.toBeInstanceOf(ConflictException);
    expect((await get(name)).Description).toBeUndefined();
  });

  fact('a conflict is HTTP 409', async () => {
    const name = newName();
    await create(minimal(name, group));
    await expect(create(minimal(name, group))).rejects.toMatchObject({ $metadata: { httpStatusCode: 409 } });
  });

  fact('of 40 creates of one name at once one succeeds and 39 are conflicts', async () => {
    const name = newName();
    const answers = await Promise.allSettled(Array.from({ length: 40 }, () => create(minimal(name, group))));
    const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? answer.reason.name : []));
    expect(errors).toEqual(Array(39).fill('ConflictException'));
  });

  for (const [verb, act] of Object.entries({
    get: get,
    update: (name: string, inGroup = group) => update(minimal(name, inGroup)),
    delete: remove,
  })) {
    fact(`${verb} of a schedule that does not exist is ResourceNotFoundException, HTTP 404`, async () => {
      const failure = expect(act('nothing')).rejects;
      await failure.toBeInstanceOf(ResourceNotFoundException);
      await failure.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    });

    fact(`${verb} in a group that does not exist is ResourceNotFoundException`, async () => {
      await expect(act('nothing', 'no-such-group')).rejects.toBeInstanceOf(ResourceNotFoundException);
    });
  }

  fact('create in a group that does not exist is ResourceNotFoundException', async () => {
    const creation = create(minimal(newName(), 'no-such-group'));
    await expect(creation).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
});

describe('what AWS accepts', () => {
  const accepted = async (more: Partial<CreateScheduleCommandInput>) => {
    const name = newName();
    const schedule = { ...minimal(name, group), ...more };
    await create(schedule);
    expect(await get(name)).toMatchObject(schedule);
  };

  for (const ScheduleExpression of [
    'rate(1 minutes)',
    'rate(1 hours)',
    'rate(1 days)',
    'rate(2 minute)',
    'cron(0 12 * * ?)',
    'cron(0 12 * * ? *)',
    'at(2099-01-01T10:05:30)',
  ]) {
    fact(`the expression ${ScheduleExpression}`, () => accepted({ ScheduleExpression }));
  }

  fact('an input that is no JSON, for a queue and a universal target', async () => {
    const RoleArn = 'arn:aws:iam::000000000000:role/r';
    const Input = 'plain text';
    for (const Arn of [
      'arn:aws:sqs:us-east-1:000000000000:q',
      'arn:aws:scheduler:::aws-sdk:sqs:sendMessage',
    ]) {
      await accepted({ Target: { Arn, RoleArn, Input } });
    }
  });
});

describe('a ClientToken', () => {
  fact('the same ClientToken and body again is the same answer and changes nothing', async () => {
    const schedule = { ...minimal(newName(), group), ClientToken: `token-${Date.now()}` };
    const { ScheduleArn } = await create(schedule);
    const before = await get(schedule.Name);
    expect((await create(schedule)).ScheduleArn).toBe(ScheduleArn);
    expect((await get(schedule.Name)).LastModificationDate).toEqual(before.LastModificationDate);
  });

  fact('the same ClientToken and another body is ConflictException', async () => {
    const schedule = { ...minimal(newName(), group), ClientToken: `other-${Date.now()}` };
    await create(schedule);
    await expect(create({ ...schedule, State: 'DISABLED' })).rejects.toBeInstanceOf(ConflictException);
  });
});

describe('update', () => {
  fact('update resets what is left out to its default', async () => {
    const name = newName();
    await create(full(name));
    await update({ ...minimal(name, group), State: 'ENABLED' });
    const found = await get(name);
    expect(found).toMatchObject({
      ...minimal(name, group),
      ScheduleExpressionTimezone: 'UTC',
      Target: { RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 } },
    });
    expect(found.Description ?? found.StartDate ?? found.EndDate ?? found.KmsKeyArn).toBeUndefined();
    expect(found.Target?.Input ?? found.Target?.DeadLetterConfig).toBeUndefined();
  });

  fact('update without State enables the schedule', async () => {
    const name = newName();
    await create({ ...minimal(name, group), State: 'DISABLED' });
    await update(minimal(name, group));
    expect((await get(name)).State).toBe('ENABLED');
  });

  fact('update replaces ActionAfterCompletion', async () => {
    const name = newName();
    await create({ ...minimal(name, group), ActionAfterCompletion: 'NONE' });
    await update({ ...minimal(name, group), ActionAfterCompletion: 'DELETE' });
    expect((await get(name)).ActionAfterCompletion).toBe('DELETE');
  });

  fact('update keeps CreationDate and moves LastModificationDate', async () => {
    const name = newName();
    await create(minimal(name, group));
    const before = await get(name);
    expect(before.LastModificationDate).toEqual(before.CreationDate);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await update(minimal(name, group));
    const after = await get(name);
    expect(after.CreationDate).toEqual(before.CreationDate);
    expect(Number(after.LastModificationDate)).toBeGreaterThan(Number(before.LastModificationDate));
  });
});

describe('what is wrong', () => {
  const refused = async (answer: Promise<unknown>) => {
    const failure = expect(answer).rejects;
    await failure.toBeInstanceOf(ValidationException);
    await failure.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  };

  for (const [what, spoil] of Object.entries(faults)) {
    fact(`create refuses ${what}`, async () => {
      const name = newName();
      await refused(create(spoil(minimal(name, group)) as CreateScheduleCommandInput));
      await expect(get(name)).rejects.toBeInstanceOf(ResourceNotFoundException);
    });

    fact(`update refuses ${what}`, async () => {
      const name = newName();
      await create(minimal(name, group));
      await refused(update(spoil(minimal(name, group)) as CreateScheduleCommandInput));
      expect(await get(name)).toMatchObject(minimal(name, group));
    });
  }

  for (const [expression, what] of [
    ['cron(INVALID)', 'a cron expression'],
    ['every day', 'words'],
    ['rate(0 minutes)', 'a rate'],
  ] as const) {
    fact(`${what} that cannot be read is told in AWS's words`, async () => {
      const creation = create({ ...minimal(newName(), group), ScheduleExpression: expression });
      await expect(creation).rejects.toMatchObject({
        name: 'ValidationException',
        message: `Invalid Schedule Expression ${expression}.`,
      });
    });
  }

  for (const [what, Arn, message] of [
    [
      'a service',
      'arn:aws:backup:us-east-1:000000000000:b',
      'backup is not a supported service for a target.',
    ],
    ['an operation', 'arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl', 'getQueueUrl API is not supported'],
  ] as const) {
    fact(`${what} that cannot be a target is told in AWS's words`, async () => {
      const { Target } = minimal('', '');
      const creation = create({ ...minimal(newName(), group), Target: { ...Target, Arn, Input: '{}' } });
      await expect(creation).rejects.toMatchObject({ name: 'ValidationException', message });
    });
  }

  for (const [what, name] of Object.entries(badNames)) {
    fact(`create refuses ${what}`, () => refused(create(minimal(name, group))));
  }
});

everyDifferenceIsAFact();
