import { database, scheduler } from '../lib/clients';
import { type Answer, endpoint, type Input } from '../lib/endpoint';
import { modelParams } from '../lib/fields';
import { once } from '../lib/once';
import { type Database, query, transaction } from '../lib/postgres';
import { Problem } from '../lib/problem';
import { deleteSchedule as deleteFromScheduler, type Scheduler } from '../lib/scheduler';
import deleteScheduleSql from '../sql/queries/deleteSchedule.sql';

export const request = { params: modelParams };

interface Deps {
  db: Database;
  scheduler: Scheduler;
}

/** Removes a model's schedule; its runs and newest result stay. */
export const deleteSchedule =
  ({ db, scheduler }: Deps) =>
  async ({ model_id }: Input<typeof request>): Promise<Answer> => {
    await transaction(db, async (connection) => {
      const [deleted] = await query(connection, deleteScheduleSql, [model_id]);
      if (!deleted) throw new Problem(404, `model ${model_id} has no schedule`);
      await deleteFromScheduler(scheduler, model_id);
    });
    return { status: 204 };
  };

export const handler = endpoint(
  request,
  once(async () => deleteSchedule({ db: database(), scheduler: scheduler() })),
);
