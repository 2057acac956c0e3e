import { modelParams } from '../parameters';
import type { Route } from '../route';

export const route = {
  name: 'deleteSchedule',
  method: 'delete',
  path: '/schedule/{model_id}',
  summary: "Delete a model's schedule",
  description: 'Its runs and its newest result stay.',
  scope: 'write',
  params: modelParams,
  responses: { 204: { description: 'Deleted' } },
  errors: [404, 503],
} satisfies Route;
