import { invalid, noGroup } from './errors';
import { Idempotency } from './idempotency';
import type { Group, Position, Schedule, Store } from './store';
import {
  type Definition,
  groupKey,
  groupRequest,
  groupsPage,
  scheduleKey,
  scheduleRequest,
  schedulesPage,
  tagRequest,
  tagsRequest,
  untagRequest,
  validate,
  validateDates,
} from './validation';

/** Makes the ARN of a thing of EventBridge Scheduler's. */
export type Arn = (resource: string) => string;

/** Of a schedule. */
const scheduleArn = (arn: Arn, { GroupName, Name }: Pick<Definition, 'GroupName' | 'Name'>): string =>
  arn(`schedule/${GroupName}/${Name}`);

/** Members of the body, the query and the path, together. */
export type Input = Record<string, unknown>;

/** By method and path, as in the service's API model. */
export type Operations = Record<string, (input: Input) => object>;

const encodeToken = (position: Position) => Buffer.from(JSON.stringify(position)).toString('base64url');

const decodeToken = (token: string | undefined): Position | undefined => {
  if (token === undefined) return undefined;
  try {
    const { group, name } = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof group === 'string' && typeof name === 'string') return { group, name };
  } catch {}
  throw invalid('Invalid NextToken.');
};

/** Up to `limit` items, and the last of them if there are more. */
const takePage = <T>(items: Iterable<T>, limit: number): { page: T[]; last?: T } => {
  const page: T[] = [];
  for (const item of items) {
    if (page.length === limit) return { page, last: page.at(-1) as T };
    page.push(item);
  }
  return { page };
};

/** @throws SchedulerError, each of them */
export const schedulerOperations = (store: Store, arn: Arn): Operations => {
  const idempotency = new Idempotency();

  const dates = (created: number, modified: number) => ({
    CreationDate: created / 1000,
    LastModificationDate: modified / 1000,
  });

  const describe = ({ definition, created, modified }: Schedule) => ({
    Arn: scheduleArn(arn, definition),
    ...definition,
    ...dates(created, modified),
  });

  const summarize = ({ definition: { Name, GroupName, State, Target }, created, modified }: Schedule) => ({
    Arn: scheduleArn(arn, { GroupName, Name }),
    Name,
    GroupName,
    State,
    Target: { Arn: Target.Arn },
    ...dates(created, modified),
  });

  const describeGroup = ({ name, created }: Group) => ({
    Arn: arn(`schedule-group/${name}`),
    Name: name,
    State: 'ACTIVE',
    ...dates(created, created),
  });

  const put = (operation: 'create' | 'update') => (input: Input) => {
    const { ClientToken, ...definition } = validate(scheduleRequest, input);
    return idempotency.once(operation, ClientToken, definition, () => {
      validateDates(definition, store.now());
      store[operation](definition);
      return { ScheduleArn: scheduleArn(arn, definition) };
    });
  };

  /** @throws SchedulerError ResourceNotFoundException */
  const tagged = (groupArn: string): Group => {
    const group = store.group(groupArn.slice(groupArn.lastIndexOf('/') + 1));
    if (groupArn !== arn(`schedule-group/${group.name}`)) throw noGroup(group.name);
    return group;
  };

  return {
    'POST /schedules/{Name}': put('create'),

    'PUT /schedules/{Name}': put('update'),

    'GET /schedules/{Name}': (input) => {
      const { Name, groupName } = validate(scheduleKey, input);
      return describe(store.schedule(groupName, Name));
    },

    'DELETE /schedules/{Name}': (input) => {
      const { clientToken, ...key } = validate(scheduleKey, input);
      return idempotency.once('delete', clientToken, key, () => {
        store.delete(key.groupName, key.Name);
        return {};
      });
    },

    'GET /schedules': (input) => {
      const { ScheduleGroup, NamePrefix, State, NextToken, MaxResults } = validate(schedulesPage, input);
      const filter = { group: ScheduleGroup, prefix: NamePrefix ?? '', state: State };
      const { page, last } = takePage(store.schedules(filter, decodeToken(NextToken)), MaxResults);
      return {
        Schedules: page.map(summarize),
        ...(last && {
          NextToken: encodeToken({ group: last.definition.GroupName, name: last.definition.Name }),
        }),
      };
    },

    'POST /schedule-groups/{Name}': (input) => {
      const { ClientToken, ...group } = validate(groupRequest, input);
      return idempotency.once('createGroup', ClientToken, group, () => {
        store.createGroup(group.Name, group.Tags);
        return { ScheduleGroupArn: arn(`schedule-group/${group.Name}`) };
      });
    },

    'GET /schedule-groups/{Name}': (input) => describeGroup(store.group(validate(groupKey, input).Name)),

    'DELETE /schedule-groups/{Name}': (input) => {
      const { clientToken, Name } = validate(groupKey, input);
      return idempotency.once('deleteGroup', clientToken, { Name }, () => {
        store.deleteGroup(Name);
        return {};
      });
    },

    'GET /schedule-groups': (input) => {
      const { NamePrefix, NextToken, MaxResults } = validate(groupsPage, input);
      const groups = store.groups(NamePrefix ?? '', decodeToken(NextToken)?.group);
      const { page, last } = takePage(groups, MaxResults);
      return {
        ScheduleGroups: page.map(describeGroup),
        ...(last && { NextToken: encodeToken({ group: last.name, name: '' }) }),
      };
    },

    'GET /tags/{Name}': (input) => {
      const { tags } = tagged(validate(tagsRequest, input).Name);
      return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    },

    'POST /tags/{Name}': (input) => {
      const { Name, Tags } = validate(tagRequest, input);
      const { tags } = tagged(Name);
      for (const { Key, Value } of Tags) tags.set(Key, Value);
      return {};
    },

    'DELETE /tags/{Name}': (input) => {
      const { Name, TagKeys } = validate(untagRequest, input);
      const { tags } = tagged(Name);
      for (const key of TagKeys) tags.delete(key);
      return {};
    },
  };
};
