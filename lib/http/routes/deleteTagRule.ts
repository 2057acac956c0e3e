import type { Route } from '../route';
import { tagRuleParams } from './putTagRule';

export const route = {
  name: 'deleteTagRule',
  method: 'delete',
  path: '/alerts/defaults/{tag}/{rule}',
  summary: 'Remove a rule of a tag',
  scope: 'write',
  params: tagRuleParams,
  responses: { 204: { description: 'Removed' } },
  errors: [404, 503],
} satisfies Route;
