import * as z from 'zod';
import { instant, notInTheFuture } from '../../runtime/instant';
import { labels, scores, trueLabels } from '../../samples/labels';
import { modelParams } from '../parameters';
import type { Route } from '../route';

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
      y_true: trueLabels,
      y_pred: labels,
      y_score: scores.optional(),
      timestamp: instant
        .refine(...notInTheFuture)
        .optional()
        .meta({ description: 'When the data came in, in milliseconds; now if left out' }),
    })
    .meta({ id: 'Predictions', examples: [{ y_true: [1, 0, 1, 1], y_pred: [1, 0, 0, 1] }] }),
  responses: {
    201: {
      description: 'Stored',
      schema: z.object({ results_id: z.int() }).meta({ examples: [{ results_id: 1 }] }),
    },
  },
  errors: [503],
} satisfies Route;
