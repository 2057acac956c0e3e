import hasSchedulesSql from '../../sql/queries/hasSchedules.sql';
import type { Database, Queries } from '../postgres/database';
import { NoRoom } from '../runtime/failures';
import type { Scheduler } from '../scheduler/scheduler';
import type { Schedule, Settings } from './schedule';
import { lockSchedule, storeSchedule } from './storeSchedule';

export interface MakeDeps {
  db: Database;
  scheduler: Pick<Scheduler, 'put'>;
  /** How many schedules there may be. Of two that are made at the same moment, one may be too many. */
  maxSchedules?: number | undefined;
}

/** @throws NoRoom */
const requireRoom = async (connection: Queries, maxSchedules: number): Promise<void> => {
  const full = await connection.query(hasSchedulesSql, [maxSchedules]);
  if (full.length > 0)
    throw new NoRoom(`there are ${maxSchedules} schedules, which is all that MAX_SCHEDULES allows`);
};

/**
 * Makes or replaces a model's schedule, in PostgreSQL and the Scheduler or in neither.
 * @throws NoRoom, and what storeSchedule throws
 */
export const makeSchedule = (
  { db, scheduler, maxSchedules }: MakeDeps,
  settings: Settings,
): Promise<{ schedule: Schedule; created: boolean }> =>
  db.transaction(async (connection) => {
    const stored = await lockSchedule(connection, settings.model_id);
    if (!stored && maxSchedules) await requireRoom(connection, maxSchedules);
    const schedule = await storeSchedule(connection, scheduler, stored, settings);
    return { schedule, created: stored === undefined };
  });
