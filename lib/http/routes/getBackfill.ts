import { backfillExample, backfillSchema } from '../../schedule/backfill';
import { modelParams } from '../parameters';
import { type Route, revalidate } from '../route';

export const route = {
  name: 'getBackfill',
  method: 'get',
  path: '/schedule/{model_id}/backfill',
  summary: "See how a model's newest backfill stands",
  scope: 'read',
  params: modelParams,
  responses: {
    200: { description: 'How it stands', schema: backfillSchema, examples: [backfillExample] },
  },
  errors: [404, 503],
  cacheControl: revalidate,
} satisfies Route;
