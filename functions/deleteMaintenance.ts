import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/deleteMaintenance';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import deleteMaintenanceSql from '../sql/queries/deleteMaintenance.sql';

/** Ends a maintenance window now, or calls it off. */
export const deleteMaintenance =
  ({ db }: { db: Database }) =>
  async (
    { id }: Input<typeof route>,
    _body = '',
    _scope?: unknown,
    caller = 'local',
  ): Promise<Output<typeof route>> => {
    const gone = await db.query(deleteMaintenanceSql, [id, caller]);
    if (gone.length === 0) throw new Problem(404, `there is no maintenance window ${id}`);
    return { status: 204 };
  };

export const handler = httpHandler(route, async () => deleteMaintenance({ db: database() }));
