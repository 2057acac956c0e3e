import {
  ConflictException,
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListTagsForResourceCommand,
  paginateListScheduleGroups,
  ResourceNotFoundException,
  type SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { openEndpoint } from './endpoint';
import { minimal } from './faults';
import { factsAboutAws } from './localStack';

const group = 'test-groups';

const { fact, everyDifferenceIsAFact } = factsAboutAws({
  differs: {
    '200, and all its schedules are gone': [
      'create of a group that exists is ConflictException, and its schedules stay',
    ],
    'InternalError 500': ['delete of a group that does not exist is ResourceNotFoundException'],
    'it takes any ARN': [
      'tags of a group that does not exist are ResourceNotFoundException',
      'schedules have no tags',
    ],
    'it takes any name': ['a group is named as a schedule is'],
  },
  leftOut: { 'it would be gone': ['the default group cannot be deleted'] },
});

let client: SchedulerClient;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ client, close } = await openEndpoint(group));
});
afterAll(() => close());

const create = (Name: string) => client.send(new CreateScheduleGroupCommand({ Name }));
const get = (Name: string) => client.send(new GetScheduleGroupCommand({ Name }));
const remove = (Name: string) => client.send(new DeleteScheduleGroupCommand({ Name }));

fact('a group is active and has an ARN of its region, account and name', async () => {
  const { CreationDate, LastModificationDate, ...found } = await get(group);
  expect(found).toMatchObject({
    Name: group,
    State: 'ACTIVE',
    Arn: `arn:aws:scheduler:us-east-1:000000000000:schedule-group/${group}`,
  });
  expect(CreationDate).toBeInstanceOf(Date);
  expect(LastModificationDate).toBeInstanceOf(Date);
});

fact('create of a group that exists is ConflictException, and its schedules stay', async () => {
  await client.send(new CreateScheduleCommand(minimal('stays', group)));
  await expect(create(group)).rejects.toBeInstanceOf(ConflictException);
  await client.send(new GetScheduleCommand({ Name: 'stays', GroupName: group }));
});

fact('a group takes its schedules with it', async () => {
  await create('test-groups-gone');
  await client.send(new CreateScheduleCommand(minimal('goes', 'test-groups-gone')));
  await remove('test-groups-gone');
  await expect(get('test-groups-gone')).rejects.toBeInstanceOf(ResourceNotFoundException);
  const schedule = client.send(new GetScheduleCommand({ Name: 'goes', GroupName: 'test-groups-gone' }));
  await expect(schedule).rejects.toBeInstanceOf(ResourceNotFoundException);
});

fact('get of a group that does not exist is ResourceNotFoundException', async () => {
  await expect(get('no-such-group')).rejects.toBeInstanceOf(ResourceNotFoundException);
});

fact('delete of a group that does not exist is ResourceNotFoundException', async () => {
  await expect(remove('no-such-group')).rejects.toBeInstanceOf(ResourceNotFoundException);
});

fact('the default group is there from the beginning', async () => {
  expect((await get('default')).State).toBe('ACTIVE');
});

fact('the default group cannot be deleted', async () => {
  await expect(remove('default')).rejects.toBeInstanceOf(ValidationException);
  await get('default');
});

fact('a group is named as a schedule is', async () => {
  for (const name of ['a b', 'a'.repeat(65)]) {
    await expect(create(name)).rejects.toBeInstanceOf(ValidationException);
  }
});

fact('groups are listed by prefix and by pages', async () => {
  const names = ['test-groups-a', 'test-groups-b', 'test-groups-c'];
  for (const name of names) await create(name);
  const found: (string | undefined)[] = [];
  const pages = paginateListScheduleGroups({ client, pageSize: 2 }, { NamePrefix: 'test-groups-' });
  for await (const { ScheduleGroups = [] } of pages) found.push(...ScheduleGroups.map(({ Name }) => Name));
  for (const name of names) await remove(name);
  expect(found.toSorted()).toEqual(names);
  const { ScheduleGroups } = await client.send(new ListScheduleGroupsCommand({ NamePrefix: 'default' }));
  expect(ScheduleGroups).toHaveLength(1);
});

const tagsOf = async (ResourceArn: string) => {
  const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceArn }));
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
};

fact('a group has the tags it was made with, and those it is given and not robbed of', async () => {
  const Name = 'test-groups-tags';
  const Tags = [{ Key: 'made', Value: 'with' }];
  const { ScheduleGroupArn = '' } = await client.send(new CreateScheduleGroupCommand({ Name, Tags }));
  const tag = (...tags: [string, string][]) =>
    client.send(
      new TagResourceCommand({
        ResourceArn: ScheduleGroupArn,
        Tags: tags.map(([Key, Value]) => ({ Key, Value })),
      }),
    );
  await tag(['team', 'ml'], ['cost centre', 'a+b=c']);
  await tag(['team', 'data']);
  expect(await tagsOf(ScheduleGroupArn)).toEqual({ made: 'with', team: 'data', 'cost centre': 'a+b=c' });
  await client.send(
    new UntagResourceCommand({ ResourceArn: ScheduleGroupArn, TagKeys: ['made', 'cost centre'] }),
  );
  await client.send(new UntagResourceCommand({ ResourceArn: ScheduleGroupArn, TagKeys: ['nothing'] }));
  expect(await tagsOf(ScheduleGroupArn)).toEqual({ team: 'data' });
  await remove(Name);
});

fact('tags of a group that does not exist are ResourceNotFoundException', async () => {
  const ResourceArn = 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/no-such-group';
  await expect(tagsOf(ResourceArn)).rejects.toBeInstanceOf(ResourceNotFoundException);
});

fact('schedules have no tags', async () => {
  const ResourceArn = `arn:aws:scheduler:us-east-1:000000000000:schedule/${group}/stays`;
  await expect(tagsOf(ResourceArn)).rejects.toBeInstanceOf(ValidationException);
});

everyDifferenceIsAFact();
