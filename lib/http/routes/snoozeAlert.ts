import * as z from 'zod';
import { modelRuleExample, modelRuleSchema } from '../../alerts/schemas';
import { instant } from '../../runtime/instant';
import type { Route } from '../route';
import { ruleParams } from './putRule';

export const route = {
  name: 'snoozeAlert',
  method: 'put',
  path: '/alerts/{model_id}/{rule}/snooze',
  summary: 'Let nobody be told of an alert until a time',
  description:
    'The alert moves on as always. What is still so at that time is told then. `{"until": null}` ends it now.',
  scope: 'write',
  params: ruleParams,
  body: z
    .strictObject({ until: instant.nullable(), note: z.string().max(1000).nullable().default(null) })
    .meta({ examples: [{ until: '2026-03-02T08:00:00Z', note: 'Retraining over night' }] }),
  responses: {
    200: { description: 'The rule and its state', schema: modelRuleSchema, examples: [modelRuleExample] },
  },
  errors: [404, 503],
} satisfies Route;
