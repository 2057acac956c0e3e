import type { Route } from '../route';
import { ruleParams } from './putRule';

export const route = {
  name: 'deleteRule',
  method: 'delete',
  path: '/alerts/{model_id}/{rule}',
  summary: 'Remove a rule of a model; one that a tag or every model has is in force again',
  scope: 'write',
  params: ruleParams,
  responses: { 204: { description: 'Removed' } },
  errors: [404, 503],
} satisfies Route;
