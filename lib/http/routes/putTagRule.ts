import * as z from 'zod';
import { ruleName, ruleSchema } from '../../alerts/rule';
import { definitionExample } from '../../alerts/schemas';
import { tag } from '../../schedule/fields';
import type { Route } from '../route';

export const tagRuleParams = z.strictObject({ tag, rule: ruleName });

export const tagRuleSchema = z.object({ tag, rule: ruleName, definition: ruleSchema });

export const tagRuleExample = { tag: 'production', rule: 'accuracy-low', definition: definitionExample };

export const route = {
  name: 'putTagRule',
  method: 'put',
  path: '/alerts/defaults/{tag}/{rule}',
  summary: 'Make or replace a rule of all models that have a tag',
  description:
    "A model's own rule of the same name is stronger. A model whose schedule does not compute the metric is left alone. Each model is looked at with its next run.",
  scope: 'write',
  params: tagRuleParams,
  body: ruleSchema,
  responses: {
    200: { description: 'Replaced', schema: tagRuleSchema, examples: [tagRuleExample] },
    201: { description: 'New', schema: tagRuleSchema, examples: [tagRuleExample] },
  },
  errors: [503],
} satisfies Route;
