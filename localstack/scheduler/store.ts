import { invalid, noGroup, noSchedule, SchedulerError } from './errors';
import { SortedMap } from './sortedMap';
import type { Definition, Tag } from './validation';

/** Dates are epoch milliseconds. */
export interface Schedule {
  definition: Definition;
  created: number;
  modified: number;
}

export interface Group {
  name: string;
  created: number;
  /** Values by key. */
  tags: Map<string, string>;
  schedules: SortedMap<Schedule>;
}

/** The item a page ended with; the next page begins after it, even if it is gone by then. */
export interface Position {
  group: string;
  name: string;
}

export interface Filter {
  group?: string | undefined;
  prefix: string;
  state?: string | undefined;
}

/** The least string after `name`. */
const following = (name: string) => `${name}\0`;

/** Schedule groups and their schedules, in memory, each in the order of their names. */
export class Store {
  #groups = new SortedMap<Group>();
  #newestDeleted = 0;

  constructor(readonly now: () => number) {
    this.createGroup('default');
  }

  /** @throws SchedulerError ConflictException */
  createGroup(name: string, tags: Tag[] = []) {
    if (this.#groups.get(name)) {
      throw new SchedulerError('ConflictException', `Schedule group ${name} already exists.`);
    }
    const values = new Map(tags.map(({ Key, Value }) => [Key, Value]));
    this.#groups.set(name, { name, created: this.now(), tags: values, schedules: new SortedMap() });
  }

  /** @throws SchedulerError ResourceNotFoundException */
  group(name: string): Group {
    const group = this.#groups.get(name);
    if (!group) throw noGroup(name);
    return group;
  }

  /** With all its schedules, at once. @throws SchedulerError ResourceNotFoundException, ValidationException */
  deleteGroup(name: string) {
    if (name === 'default') throw invalid('The default schedule group cannot be deleted.');
    for (const [, schedule] of this.group(name).schedules.from('')) this.#forget(schedule);
    this.#groups.delete(name);
  }

  /** @throws SchedulerError ConflictException, ResourceNotFoundException */
  create(definition: Definition) {
    const { schedules } = this.group(definition.GroupName);
    if (schedules.get(definition.Name)) {
      throw new SchedulerError('ConflictException', `Schedule ${definition.Name} already exists.`);
    }
    const created = Math.max(this.now(), this.#newestDeleted + 1);
    schedules.set(definition.Name, { definition, created, modified: created });
  }

  /** @throws SchedulerError ResourceNotFoundException */
  update(definition: Definition) {
    const { created, modified } = this.schedule(definition.GroupName, definition.Name);
    this.group(definition.GroupName).schedules.set(definition.Name, {
      definition,
      created,
      modified: Math.max(this.now(), modified + 1),
    });
  }

  /** @throws SchedulerError ResourceNotFoundException */
  schedule(group: string, name: string): Schedule {
    const schedule = this.group(group).schedules.get(name);
    if (!schedule) throw noSchedule(name);
    return schedule;
  }

  /** @throws SchedulerError ResourceNotFoundException */
  delete(group: string, name: string) {
    this.#forget(this.schedule(group, name));
    this.group(group).schedules.delete(name);
  }

  *groups(prefix: string, after?: string): Generator<Group> {
    const first = after === undefined || after < prefix ? prefix : following(after);
    for (const [name, group] of this.#groups.from(first)) {
      if (!name.startsWith(prefix)) return;
      yield group;
    }
  }

  /** @throws SchedulerError ResourceNotFoundException */
  *schedules({ group, prefix, state }: Filter, after?: Position): Generator<Schedule> {
    const groups = group === undefined ? this.#groups.from(after?.group ?? '') : [this.#entry(group)];
    for (const [groupName, { schedules }] of groups) {
      const seen = after?.group === groupName ? following(after.name) : '';
      for (const [name, schedule] of schedules.from(seen > prefix ? seen : prefix)) {
        if (!name.startsWith(prefix)) break;
        if (state === undefined || state === schedule.definition.State) yield schedule;
      }
    }
  }

  #entry(name: string): [string, Group] {
    return [name, this.group(name)];
  }

  /** So that a schedule of the same name, made within the same millisecond, is newer. */
  #forget({ modified }: Schedule) {
    this.#newestDeleted = Math.max(this.#newestDeleted, modified);
  }
}
