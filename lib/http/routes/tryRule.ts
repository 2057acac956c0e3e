import * as z from 'zod';
import { ruleSchema } from '../../alerts/rule';
import { instantText } from '../../runtime/instant';
import { count } from '../parameters';
import type { Route } from '../route';
import { ruleParams } from './putRule';

export const route = {
  name: 'tryRule',
  method: 'post',
  path: '/alerts/{model_id}/{rule}/try',
  summary: 'See when a rule would have fired over the runs that there are',
  description: 'Nothing is stored and nobody is told.',
  scope: 'read',
  params: ruleParams,
  query: z.strictObject({ days: count(1, 365, 30) }),
  body: ruleSchema,
  responses: {
    200: {
      description: 'Each time that it would have fired, the oldest first',
      schema: z.object({
        days: z.int(),
        fired: z.int().meta({ description: 'How often' }),
        times: z
          .array(z.object({ fired_at: instantText, ended_at: instantText.nullable() }))
          .meta({ description: 'The last hundred of them' }),
      }),
      examples: [
        {
          days: 30,
          fired: 1,
          times: [{ fired_at: '2026-02-20T12:00:00.000Z', ended_at: '2026-02-20T18:00:00.000Z' }],
        },
      ],
    },
  },
  errors: [404, 503],
} satisfies Route;
