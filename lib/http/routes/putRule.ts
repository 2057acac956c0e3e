import { ruleName, ruleSchema } from '../../alerts/rule';
import { modelRuleExample, modelRuleSchema } from '../../alerts/schemas';
import { modelParams } from '../parameters';
import type { Route } from '../route';

export const ruleParams = modelParams.extend({ rule: ruleName });

export const route = {
  name: 'putRule',
  method: 'put',
  path: '/alerts/{model_id}/{rule}',
  summary: 'Make or replace a rule of a model',
  description:
    'The newest run is looked at at once. "missed", "invalid_data" and "stale_data" are there already: send what is to be otherwise, such as `{"enabled": false}`.',
  scope: 'write',
  params: ruleParams,
  body: ruleSchema,
  responses: {
    200: { description: 'Replaced', schema: modelRuleSchema, examples: [modelRuleExample] },
    201: { description: 'New', schema: modelRuleSchema, examples: [modelRuleExample] },
  },
  errors: [404, 503],
} satisfies Route;
