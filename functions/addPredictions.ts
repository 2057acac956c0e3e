import { httpHandler } from '../lib/http/handler';
import { rawMembers } from '../lib/http/rawMembers';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/addPredictions';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import addPredictionsSql from '../sql/queries/addPredictions.sql';

/** Stores one sample row, with the labels' texts from `body`. In doubt not repeated: it would be stored twice. */
export const addPredictions =
  ({ db }: { db: Database }) =>
  async ({ model_id, timestamp }: Input<typeof route>, body: string): Promise<Output<typeof route>> => {
    const { y_true, y_pred, y_score } = rawMembers(Buffer.from(body));
    const values = [model_id, y_true, y_pred, y_score, timestamp];
    const [stored] = await db.transaction((connection) =>
      connection.query<{ results_id: number }>(addPredictionsSql, values),
    );
    return { status: 201, body: stored as { results_id: number } };
  };

export const handler = httpHandler(route, async () => addPredictions({ db: database() }));
