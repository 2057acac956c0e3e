import * as z from 'zod';
import { modelParams } from '../parameters';
import type { Route } from '../route';
import { labelType } from './addPredictions';

const counts = z
  .object({
    new: z.int().meta({ description: 'Labels of predictions that had none' }),
    equal: z.int().meta({ description: 'There already' }),
    corrected: z.int().meta({ description: 'Took the place of another label' }),
    older: z.int().meta({ description: 'Left aside: a label of a later time is there' }),
    waiting: z.int().meta({ description: 'Have no prediction yet, and wait for it' }),
  })
  .meta({ examples: [{ new: 2, equal: 0, corrected: 0, older: 0, waiting: 0 }] });

export const route = {
  name: 'addLabels',
  method: 'post',
  path: '/labels/{model_id}',
  summary: 'Store true labels of predictions, by id',
  description:
    'One label a line, as CSV with a header or as NDJSON; gzip is read. All of a request is stored, or nothing. Of two labels of one id the one with the later timestamp counts, and of the same time the one that comes later. Safe to repeat.',
  scope: 'write',
  params: modelParams,
  query: z.strictObject({ label_type: labelType }),
  uploads: {
    'text/csv': 'id,y_true\n7f3a,1\n9c21,0\n',
    'application/x-ndjson': '{"id": "7f3a", "y_true": 1}\n{"id": "9c21", "y_true": 0}\n',
  },
  responses: { 200: { description: 'Stored', schema: counts } },
  errors: [503],
} satisfies Route;
