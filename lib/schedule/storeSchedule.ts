import { isDeepStrictEqual } from 'node:util';
import findNameSql from '../../sql/queries/findName.sql';
import getScheduleSql from '../../sql/queries/getSchedule.sql';
import planModelSql from '../../sql/queries/planModel.sql';
import putScheduleSql from '../../sql/queries/putSchedule.sql';
import readPlanSql from '../../sql/queries/readPlan.sql';
import takeTurnSql from '../../sql/queries/takeTurn.sql';
import type { Queries } from '../postgres/database';
import { Conflict } from '../runtime/failures';
import type { Scheduler } from '../scheduler/scheduler';
import { sameData } from './dataSettings';
import { expectedRuns, expectRuns } from './expectRuns';
import { sameMetrics } from './metricSettings';
import { followingDue, missedAt } from './plan';
import { sameTiming } from './sameTiming';
import { type Schedule, type Settings, unreadable } from './schedule';

/**
 * A model's schedule. Other changes to it wait until the transaction ends.
 * @returns undefined if it has none
 */
export const lockSchedule = async (connection: Queries, modelId: string): Promise<Schedule | undefined> => {
  await connection.query(takeTurnSql, [modelId]);
  const [schedule] = await connection.query<Schedule>(getScheduleSql, [modelId]);
  return schedule;
};

/** A row of readPlan.sql. */
export interface Plan {
  next_due: Date | null;
  recorded: number[];
}

/** Makes rows for due times of the old settings whose runs may still be on their way, so that watch looks for them. */
const expectOutstanding = async (connection: Queries, schedule: Schedule, now: Date): Promise<void> => {
  const [plan] = await connection.query<Plan>(readPlanSql, [schedule.model_id]);
  if (!plan?.next_due || plan.next_due > now || unreadable(schedule)) return;
  const expected = expectedRuns(schedule, [plan.next_due, now], plan.recorded, (due) =>
    missedAt(schedule, due),
  );
  await expectRuns(connection, expected);
};

/** Stores since when the new settings apply, and when they are first due. */
const plan = async (connection: Queries, schedule: Schedule): Promise<void> => {
  const { model_id, updated_at, flexible_window_minutes } = schedule;
  const due = schedule.enabled ? followingDue(schedule, updated_at) : null;
  await connection.query(planModelSql, [model_id, updated_at, due, flexible_window_minutes]);
};

/** What says nothing of when and what to compute. */
const namesOf = ({ name, description, tags, max_data_age_minutes }: Settings) => [
  name,
  description,
  tags,
  max_data_age_minutes,
];

const sameOtherwise = (a: Settings, b: Settings): boolean =>
  a.flexible_window_minutes === b.flexible_window_minutes &&
  a.catch_up === b.catch_up &&
  isDeepStrictEqual(namesOf(a), namesOf(b)) &&
  sameMetrics(a, b) &&
  sameData(a, b);

/** @throws Conflict. Others who want the same name wait until the transaction ends */
const takeName = async (connection: Queries, { model_id, name }: Settings): Promise<void> => {
  if (name === null) return;
  await connection.query(takeTurnSql, [`name ${name}`]);
  const [other] = await connection.query<{ model_id: string }>(findNameSql, [name, model_id]);
  if (other) throw new Conflict(`the name "${name}" belongs to model ${other.model_id}`);
};

/** For a jsonb column, whose null is SQL's. */
const toJson = (value: unknown) => (value === null ? null : JSON.stringify(value));

/**
 * Makes or replaces a model's schedule, in a transaction that has it locked: PostgreSQL's, and then the Scheduler's.
 * Settings that mean the same as the stored ones change nothing, and the Scheduler is not called.
 * @throws Unavailable, Refused, QuotaExceeded, Conflict for a name that another model has
 */
export const storeSchedule = async (
  connection: Queries,
  scheduler: Pick<Scheduler, 'put'>,
  stored: Schedule | undefined,
  settings: Settings,
): Promise<Schedule> => {
  const sameTimes = stored !== undefined && sameTiming(stored, settings);
  const inForce = sameTimes && stored.enabled === settings.enabled;
  if (inForce && sameOtherwise(stored, settings)) return stored;
  await takeName(connection, settings);
  if (stored?.enabled && !inForce) await expectOutstanding(connection, stored, new Date());
  const { cron_expression, timezone } = sameTimes ? stored : settings; // as it was spelt first
  const { model_id, enabled, flexible_window_minutes, catch_up, task } = settings;
  const what = [settings.metrics, settings.pos_label, settings.labels, settings.data].map(toJson);
  const { min_samples, min_coverage, segments, revise_for } = settings;
  const when = [model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up];
  const values = [
    ...when,
    task,
    ...what,
    min_samples,
    min_coverage,
    segments,
    revise_for,
    ...namesOf(settings),
  ];
  const [schedule] = (await connection.query<Schedule>(putScheduleSql, values)) as [Schedule];
  if (!inForce) await plan(connection, schedule);
  await scheduler.put(schedule, stored === undefined);
  return schedule;
};
