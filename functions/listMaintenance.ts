import { describeWindow, type FoundWindow } from '../lib/alerts/windows';
import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/listMaintenance';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import listMaintenanceSql from '../sql/queries/listMaintenance.sql';

/** The maintenance windows that have not ended. */
export const listMaintenance =
  ({ db }: { db: Database }) =>
  async ({ limit }: Input<typeof route>): Promise<Output<typeof route>> => {
    const found = await db.query<FoundWindow>(listMaintenanceSql, [limit]);
    return { status: 200, body: { items: found.map(describeWindow) } };
  };

export const handler = httpHandler(route, async () => listMaintenance({ db: database() }));
