import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/deleteSchedule';
import type { Database } from '../lib/postgres/database';
import { database, scheduler } from '../lib/runtime/clients';
import { deleteSchedule as deleteFromScheduler } from '../lib/scheduler/deleteSchedule';
import type { Scheduler } from '../lib/scheduler/scheduler';
import deleteScheduleSql from '../sql/queries/deleteSchedule.sql';
import takeTurnSql from '../sql/queries/takeTurn.sql';

interface Deps {
  db: Database;
  scheduler: Pick<Scheduler, 'delete'>;
}

/** Removes a model's schedule, from PostgreSQL and the Scheduler or from neither. */
export const deleteSchedule =
  ({ db, scheduler }: Deps) =>
  async ({ model_id }: Input<typeof route>): Promise<Output<typeof route>> => {
    await db.transaction(async (connection) => {
      await connection.query(takeTurnSql, [model_id]);
      const [deleted] = await connection.query(deleteScheduleSql, [model_id]);
      if (!deleted) throw new Problem(404, `model ${model_id} has no schedule`);
      await scheduler.delete(model_id);
    });
    return { status: 204 };
  };

export const handler = httpHandler(route, async () =>
  deleteSchedule({ db: database(), scheduler: { delete: deleteFromScheduler(scheduler()) } }),
);
