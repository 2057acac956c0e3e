import * as z from 'zod';
import { instant } from '../../runtime/instant';
import { kinds } from '../../samples/stored';
import { plainText } from '../../schedule/fields';
import { modelParams } from '../parameters';
import type { Route } from '../route';

export const route = {
  name: 'deletePredictions',
  method: 'delete',
  path: '/predictions/{model_id}',
  summary: 'Delete a sample row or a prediction, or all of a time',
  description:
    'By id, or by time, or both. Results that were computed from them say `data_deleted`. A window of predictions is computed again, as after any change.',
  scope: 'write',
  params: modelParams,
  query: z
    .strictObject({
      of: z.enum(kinds),
      id: plainText
        .min(1)
        .max(200)
        .optional()
        .meta({ description: 'The results_id, or the id of a prediction' }),
      from: instant.optional(),
      to: instant.optional().meta({ description: 'What has this timestamp stays' }),
    })
    .refine(({ id, from, to }) => id !== undefined || (from && to), {
      path: ['id'],
      message: 'or from and to are required: what to delete',
    }),
  responses: {
    200: {
      description: 'How many there were',
      schema: z.object({ deleted: z.int().min(0) }),
      examples: [{ deleted: 1 }],
    },
  },
  errors: [503],
} satisfies Route;
