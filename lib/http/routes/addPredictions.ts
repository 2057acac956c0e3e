import * as z from 'zod';
import { instant, notInTheFuture } from '../../runtime/instant';
import { must } from '../../runtime/must';
import { labels, scores, trueLabels } from '../../samples/labels';
import { modelParams } from '../parameters';
import type { Route } from '../route';

export const labelType = z
  .enum(['string', 'number', 'boolean', 'list'], must('"string", "number", "boolean" or "list"'))
  .optional()
  .meta({
    description:
      'What the labels of a CSV are; without it, what labels and task of the schedule say, or what all of them can be: numbers, booleans, JSON lists, or else strings',
  });

export const route = {
  name: 'addPredictions',
  method: 'post',
  path: '/predictions/{model_id}',
  summary: 'Store a sample row, or predictions by id',
  description:
    'The labels are stored as they are spelt: 1.0 stays 1.0. Whether they can be scored is what a run finds out. A body may have 6 MiB; larger rows go to PostgreSQL directly. Each such request stores a row, also when it is repeated. CSV and NDJSON hold one prediction a line under an id of yours, whose label may come later; gzip is read. All of such a request is stored, or nothing, and it is safe to repeat. Columns besides id, y_pred, y_score, y_true and timestamp are segments.',
  scope: 'write',
  params: modelParams,
  query: z.strictObject({ label_type: labelType }),
  uploads: {
    'text/csv': 'id,y_pred,y_score,country\n7f3a,1,0.93,DE\n9c21,0,0.12,FR\n',
    'application/x-ndjson':
      '{"id": "7f3a", "y_pred": 1, "y_score": 0.93, "country": "DE"}\n{"id": "9c21", "y_pred": 0, "y_score": 0.12, "country": "FR"}\n',
  },
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
    200: {
      description: 'Predictions by id are stored',
      schema: z
        .object({
          new: z.int(),
          equal: z.int().meta({ description: 'There already' }),
          relabelled: z.int().meta({ description: 'There already, with no label or another one' }),
        })
        .meta({ examples: [{ new: 2, equal: 0, relabelled: 0 }] }),
    },
    201: {
      description: 'Stored',
      schema: z.object({ results_id: z.int() }).meta({ examples: [{ results_id: 1 }] }),
    },
  },
  errors: [409, 503],
} satisfies Route;
