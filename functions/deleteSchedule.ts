import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/deleteSchedule';
import { database, scheduler } from '../lib/runtime/clients';
import { type RemoveDeps, removeSchedule } from '../lib/schedule/removeSchedule';
import { deleteSchedule as deleteFromScheduler } from '../lib/scheduler/deleteSchedule';

/** Removes a model's schedule, from PostgreSQL and the Scheduler or from neither. */
export const deleteSchedule =
  (deps: RemoveDeps) =>
  async ({ model_id }: Input<typeof route>): Promise<Output<typeof route>> => {
    if (!(await removeSchedule(deps, model_id))) throw new Problem(404, `model ${model_id} has no schedule`);
    return { status: 204 };
  };

export const handler = httpHandler(route, async () =>
  deleteSchedule({ db: database(), scheduler: { delete: deleteFromScheduler(scheduler()) } }),
);
