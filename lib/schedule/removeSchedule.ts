import deleteScheduleSql from '../../sql/queries/deleteSchedule.sql';
import takeTurnSql from '../../sql/queries/takeTurn.sql';
import type { Database } from '../postgres/database';
import type { Scheduler } from '../scheduler/scheduler';

export interface RemoveDeps {
  db: Database;
  scheduler: Pick<Scheduler, 'delete'>;
}

/**
 * Removes a model's schedule, from PostgreSQL and the Scheduler or from neither.
 * @returns whether there was one
 */
export const removeSchedule = ({ db, scheduler }: RemoveDeps, modelId: string): Promise<boolean> =>
  db.transaction(async (connection) => {
    await connection.query(takeTurnSql, [modelId]);
    const [deleted] = await connection.query(deleteScheduleSql, [modelId]);
    if (deleted) await scheduler.delete(modelId);
    return deleted !== undefined;
  });
