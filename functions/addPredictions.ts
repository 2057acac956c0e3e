import { uploadHandler } from '../lib/http/handler';
import type { Fields, Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/addPredictions';
import { refuseUpload } from '../lib/http/uploadProblem';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import { rawMembers } from '../lib/samples/rawMembers';
import { labelTypeOf } from '../lib/samples/upload/labelType';
import { readUpload } from '../lib/samples/upload/readUpload';
import type { Upload } from '../lib/samples/upload/rows';
import { storePredictions } from '../lib/samples/upload/storeUpload';
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

/** Stores predictions by id. Safe to repeat. */
export const addPredictionsById =
  ({ db, keepDays }: { db: Database; keepDays: number }) =>
  async ({ model_id, label_type }: Fields<typeof route>, upload: Upload): Promise<Output<typeof route>> => {
    const type = await labelTypeOf(db, model_id, upload, label_type);
    const read = readUpload('predictions', upload, type, keepDays);
    return { status: 200, body: await storePredictions(db, model_id, read).catch(refuseUpload) };
  };

/** Many rows take their time; API Gateway itself gives up after 30 s. */
const uploadTimeoutMs = 25_000;

export const handler = uploadHandler(
  route,
  async () => addPredictionsById({ db: database(uploadTimeoutMs), keepDays: env('PREDICTIONS_KEEP_DAYS') }),
  async () => addPredictions({ db: database() }),
);
