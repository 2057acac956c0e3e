import { endpoint } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Answer, Input, Route } from '../lib/http/route';
import { type Database, query, transaction } from '../lib/postgres/database';
import { database, scheduler } from '../lib/runtime/clients';
import { modelParams } from '../lib/schedule/fields';
import { deleteSchedule as deleteFromScheduler, type Scheduler } from '../lib/scheduler/scheduler';
import deleteScheduleSql from '../sql/queries/deleteSchedule.sql';

export const route = {
  name: 'deleteSchedule',
  method: 'delete',
  path: '/schedule/{model_id}',
  summary: "Delete a model's schedule",
  description: 'Its runs and its newest result stay.',
  scope: 'write',
  params: modelParams,
  answers: { 204: { description: 'Deleted' } },
  problems: [404, 503],
} satisfies Route;

interface Deps {
  db: Database;
  scheduler: Scheduler;
}

/** Removes a model's schedule, from PostgreSQL and the Scheduler or from neither. */
export const deleteSchedule =
  ({ db, scheduler }: Deps) =>
  async ({ model_id }: Input<typeof route>): Promise<Answer<typeof route>> => {
    await transaction(db, async (connection) => {
      const [deleted] = await query(connection, deleteScheduleSql, [model_id]);
      if (!deleted) throw new Problem(404, `model ${model_id} has no schedule`);
      await deleteFromScheduler(scheduler, model_id);
    });
    return { status: 204 };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () =>
  deleteSchedule({ db: database(), scheduler: scheduler() }),
);
