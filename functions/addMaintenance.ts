import { describeWindow, type FoundWindow } from '../lib/alerts/windows';
import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/addMaintenance';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import addMaintenanceSql from '../sql/queries/addMaintenance.sql';

/** Lets nobody be told of alerts for a while. */
export const addMaintenance =
  ({ db }: { db: Database }) =>
  async (
    { model_id, tag, starts_at, ends_at, note }: Input<typeof route>,
    _body = '',
    _scope?: unknown,
    caller = 'local',
  ): Promise<Output<typeof route>> => {
    const values = [model_id, tag, starts_at, ends_at, note, caller];
    const [window] = (await db.query<FoundWindow>(addMaintenanceSql, values)) as [FoundWindow];
    return { status: 201, body: describeWindow(window) };
  };

export const handler = httpHandler(route, async () => addMaintenance({ db: database() }));
