import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/listMissed';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import isKnownModelSql from '../sql/queries/isKnownModel.sql';
import listMissedSql from '../sql/queries/listMissed.sql';

/** The due times that passed without a run. */
export const listMissed =
  ({ db }: { db: Database }) =>
  async ({ model_id, after, limit }: Input<typeof route>): Promise<Output<typeof route>> => {
    const missed = await db.query<{ scheduled_time: Date; unlisted: number; missed: boolean }>(
      listMissedSql,
      [model_id, after, limit],
    );
    if (missed.length === 0) {
      const [known] = await db.query(isKnownModelSql, [model_id]);
      if (!known) throw new Problem(404, `model ${model_id} has no schedule and no run`);
    }
    return {
      status: 200,
      body: {
        items: missed.flatMap(({ scheduled_time, missed }) => (missed ? scheduled_time.toISOString() : [])),
        unlisted: missed.reduce((sum, { unlisted }) => sum + unlisted, 0),
      },
    };
  };

export const handler = httpHandler(route, async () => listMissed({ db: database() }));
