import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/deletePredictions';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import deletePredictionsSql from '../sql/queries/deletePredictions.sql';
import deleteSampleRowsSql from '../sql/queries/deleteSampleRows.sql';

/** Deletes what a model's runs look at. */
export const deletePredictions =
  ({ db }: { db: Database }) =>
  async ({ model_id, of, id, from, to }: Input<typeof route>): Promise<Output<typeof route>> => {
    const sql = of === 'rows' ? deleteSampleRowsSql : deletePredictionsSql;
    const values = [model_id, id ?? null, from ?? null, to ?? null];
    const [found] = (await db.query<{ deleted: number }>(sql, values)) as [{ deleted: number }];
    return { status: 200, body: found };
  };

/** All predictions of a month take their time. */
const deleteTimeoutMs = 25_000;

export const handler = httpHandler(route, async () => deletePredictions({ db: database(deleteTimeoutMs) }));
