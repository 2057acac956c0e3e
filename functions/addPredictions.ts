import * as z from 'zod';
import { endpoint } from '../lib/http/handler';
import { memberTexts } from '../lib/http/rawMembers';
import type { Answer, Input, Route } from '../lib/http/route';
import { type Database, query, transaction } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { labels } from '../lib/samples/labels';
import { instant, modelParams } from '../lib/schedule/fields';
import addPredictionsSql from '../sql/queries/addPredictions.sql';

export const route = {
  name: 'addPredictions',
  method: 'post',
  path: '/predictions/{model_id}',
  summary: 'Store a sample row: true and predicted labels',
  description:
    'The labels are stored as they are spelt: 1.0 stays 1.0. Whether they can be scored is what a run finds out. A body may have 6 MiB; larger rows go to PostgreSQL directly. Each request stores a row, also when it is repeated.',
  scope: 'write',
  params: modelParams,
  body: z
    .strictObject({
      y_true: labels,
      y_pred: labels,
      timestamp: instant
        .optional()
        .meta({ description: 'When the data came in, in milliseconds; now if left out' }),
    })
    .meta({ id: 'Predictions', examples: [{ y_true: [1, 0, 1, 1], y_pred: [1, 0, 0, 1] }] }),
  answers: {
    201: {
      description: 'Stored',
      schema: z.object({ results_id: z.int() }).meta({ examples: [{ results_id: 1 }] }),
    },
  },
  problems: [503],
} satisfies Route;

/** Stores one sample row, with the labels' texts from `body`. In doubt not repeated: it would be stored twice. */
export const addPredictions =
  ({ db }: { db: Database }) =>
  async ({ model_id, timestamp }: Input<typeof route>, body: string): Promise<Answer<typeof route>> => {
    const { y_true, y_pred } = memberTexts(Buffer.from(body));
    const values = [model_id, y_true, y_pred, timestamp];
    const [stored] = await transaction(db, (connection) =>
      query<{ results_id: number }>(connection, addPredictionsSql, values),
    );
    return { status: 201, body: stored as { results_id: number } };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () => addPredictions({ db: database() }));
