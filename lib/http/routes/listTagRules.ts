import * as z from 'zod';
import { tag } from '../../schedule/fields';
import type { Route } from '../route';
import { tagRuleExample, tagRuleSchema } from './putTagRule';

export const route = {
  name: 'listTagRules',
  method: 'get',
  path: '/alerts/defaults',
  summary: 'List the rules of tags',
  scope: 'read',
  query: z.strictObject({ tag: tag.optional() }),
  responses: {
    200: {
      description: 'All of them',
      schema: z.object({ items: z.array(tagRuleSchema) }),
      examples: [{ items: [tagRuleExample] }],
    },
  },
  errors: [503],
} satisfies Route;
