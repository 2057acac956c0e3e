import * as z from 'zod';
import { modelRuleExample, modelRuleSchema, notificationSchema } from '../../alerts/schemas';
import { modelParams } from '../parameters';
import { type Route, revalidate } from '../route';

export const route = {
  name: 'getAlerts',
  method: 'get',
  path: '/alerts/{model_id}',
  summary: "See a model's rules, how each stands, and what was told",
  scope: 'read',
  params: modelParams,
  responses: {
    200: {
      description: 'Its rules by name, and its last hundred notifications, the newest first',
      schema: z.object({ rules: z.array(modelRuleSchema), notifications: z.array(notificationSchema) }),
      examples: [{ rules: [modelRuleExample], notifications: [] }],
    },
  },
  errors: [404, 503],
  cacheControl: revalidate,
} satisfies Route;
