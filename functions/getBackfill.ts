import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/getBackfill';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { describeBackfill, type FoundBackfill } from '../lib/schedule/backfill';
import readBackfillSql from '../sql/queries/readBackfill.sql';

export const getBackfill =
  ({ db }: { db: Database }) =>
  async ({ model_id }: Input<typeof route>): Promise<Output<typeof route>> => {
    const [found] = await db.query<FoundBackfill>(readBackfillSql, [model_id]);
    if (!found) throw new Problem(404, `model ${model_id} has had no backfill`);
    return { status: 200, body: describeBackfill(found) };
  };

export const handler = httpHandler(route, async () => getBackfill({ db: database() }));
