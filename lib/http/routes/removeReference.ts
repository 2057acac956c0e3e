import { modelParams } from '../parameters';
import type { Route } from '../route';

export const route = {
  name: 'removeReference',
  method: 'delete',
  path: '/schedule/{model_id}/reference',
  summary: 'Compare with no run any more',
  scope: 'write',
  params: modelParams,
  responses: { 204: { description: 'Forgotten, or there was none' } },
  errors: [404, 503],
} satisfies Route;
