import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  type ListSchedulesCommandInput,
  paginateListSchedules,
  ResourceNotFoundException,
  type SchedulerClient,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { openEndpoint } from './endpoint';
import { minimal } from './faults';
import { factsAboutAws } from './localStack';

const group = 'test-pages';
const otherGroup = 'test-pages-2';

const { fact, everyDifferenceIsAFact } = factsAboutAws({
  differs: {
    '200, empty': ['the list of a group that does not exist is ResourceNotFoundException'],
    'it takes any number': ['MaxResults is 1 to 100'],
    'InvalidToken 400': [
      'a NextToken outlives the schedules on both its sides',
      'a NextToken made up is ValidationException',
    ],
  },
  leftOut: {},
});

let client: SchedulerClient;
let close: () => Promise<void>;

const list = (input: ListSchedulesCommandInput) => client.send(new ListSchedulesCommand(input));

const namesOf = async (input: ListSchedulesCommandInput, pageSize = 100) => {
  const names: string[] = [];
  for await (const { Schedules = [] } of paginateListSchedules({ client, pageSize }, input)) {
    expect(Schedules.length).toBeLessThanOrEqual(pageSize);
    names.push(...Schedules.map(({ Name }) => Name as string));
  }
  return names;
};

const all = Array.from({ length: 25 }, (_, i) => `${i % 2 ? 'odd' : 'even'}-${i}`);

beforeAll(async () => {
  ({ client, close } = await openEndpoint(group, otherGroup));
  for (const name of all) {
    const State = name.startsWith('odd') ? 'DISABLED' : 'ENABLED';
    await client.send(new CreateScheduleCommand({ ...minimal(name, group), State }));
  }
  await client.send(new CreateScheduleCommand(minimal('even-other', otherGroup)));
});
afterAll(() => close());

fact('pages hold every schedule of a group once', async () => {
  const names = await namesOf({ GroupName: group }, 10);
  expect(names.toSorted()).toEqual(all.toSorted());
});

fact('the last page has no NextToken, even when it is full', async () => {
  const { Schedules, NextToken } = await list({ GroupName: group, MaxResults: 25 });
  expect(Schedules).toHaveLength(25);
  expect(NextToken).toBeUndefined();
});

fact('an entry has the state and the ARNs of a schedule, not its expression or input', async () => {
  const { Schedules } = await list({ GroupName: otherGroup });
  expect(Schedules).toEqual([
    {
      Arn: `arn:aws:scheduler:us-east-1:000000000000:schedule/${otherGroup}/even-other`,
      Name: 'even-other',
      GroupName: otherGroup,
      State: 'ENABLED',
      Target: { Arn: minimal('', '').Target.Arn },
      CreationDate: expect.any(Date),
      LastModificationDate: expect.any(Date),
    },
  ]);
});

fact('NamePrefix and State narrow the list', async () => {
  const even = all.filter((name) => name.startsWith('even')).toSorted();
  const odd = all.filter((name) => name.startsWith('odd')).toSorted();
  expect((await namesOf({ GroupName: group, NamePrefix: 'even-' }, 4)).toSorted()).toEqual(even);
  expect((await namesOf({ GroupName: group, State: 'DISABLED' }, 4)).toSorted()).toEqual(odd);
  expect(await namesOf({ GroupName: group, State: 'DISABLED', NamePrefix: 'even' })).toEqual([]);
  expect(await namesOf({ GroupName: group, NamePrefix: 'odd-11' })).toEqual(['odd-11']);
});

fact('without GroupName the list goes over all groups', async () => {
  const even = all.filter((name) => name.startsWith('even'));
  const found = await namesOf({ NamePrefix: 'even-' }, 3);
  expect(found.toSorted()).toEqual([...even, 'even-other'].toSorted());
});

fact('a NextToken outlives the schedules on both its sides', async () => {
  const extra = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
  for (const name of extra) await client.send(new CreateScheduleCommand(minimal(name, group)));
  const page = { GroupName: group, NamePrefix: 'p', MaxResults: 2 };
  const first = await list(page);
  const seen = (first.Schedules ?? []).map(({ Name }) => Name as string);
  const unseen = extra.filter((name) => !seen.includes(name));
  const deleted = [seen.at(-1) as string, unseen[0] as string, unseen.at(-1) as string];
  for (const Name of deleted) await client.send(new DeleteScheduleCommand({ Name, GroupName: group }));
  const { Schedules = [], NextToken } = await list({ ...page, NextToken: first.NextToken as string });
  const left = unseen.slice(1, -1);
  expect(Schedules.map(({ Name }) => Name).toSorted()).toEqual(left);
  expect(NextToken).toBeUndefined();
});

fact('a NextToken made up is ValidationException', async () => {
  const answer = list({ GroupName: group, NextToken: 'made-up' });
  await expect(answer).rejects.toBeInstanceOf(ValidationException);
});

fact('MaxResults is 1 to 100', async () => {
  await list({ GroupName: group, MaxResults: 100 });
  for (const MaxResults of [0, 101, -1]) {
    await expect(list({ GroupName: group, MaxResults })).rejects.toBeInstanceOf(ValidationException);
  }
});

fact('the list of a group that does not exist is ResourceNotFoundException', async () => {
  await expect(list({ GroupName: 'no-such-group' })).rejects.toBeInstanceOf(ResourceNotFoundException);
});

everyDifferenceIsAFact();
