import { backfillExample, backfillSchema } from '../../schedule/backfill';
import { modelParams } from '../parameters';
import type { Route } from '../route';

export const route = {
  name: 'cancelBackfill',
  method: 'delete',
  path: '/schedule/{model_id}/backfill',
  summary: "Cancel what is left of a model's backfill",
  description: 'The runs that it has made stay. The two under way may still end.',
  scope: 'write',
  params: modelParams,
  responses: {
    200: {
      description: 'How it stands',
      schema: backfillSchema,
      examples: [{ ...backfillExample, state: 'cancelled' }],
    },
  },
  errors: [404, 503],
} satisfies Route;
