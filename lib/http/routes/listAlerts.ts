import * as z from 'zod';
import { alertExample, alertSchema, alertStates } from '../../alerts/schemas';
import { count, pageLimit } from '../parameters';
import { type Route, revalidate } from '../route';

const howMany = z.int().min(0);

export const route = {
  name: 'listAlerts',
  method: 'get',
  path: '/alerts',
  summary: 'See the alerts of all models, those that fire unless asked otherwise',
  description: 'The critical ones first, then the newest.',
  scope: 'read',
  query: z.strictObject({
    state: z.enum(alertStates).default('firing'),
    limit: pageLimit,
    offset: count(0, 999_999_999, 0),
  }),
  responses: {
    200: {
      description: 'A page of alerts',
      schema: z.object({
        items: z.array(alertSchema),
        counts: z.object({ firing: howMany, pending: howMany, ok: howMany }),
        deliveries: z
          .object({ waiting: howMany, dead: howMany })
          .meta({ description: 'Notifications on their way, and those that were given up after two days' }),
      }),
      examples: [
        {
          items: [alertExample],
          counts: { firing: 1, pending: 0, ok: 3 },
          deliveries: { waiting: 0, dead: 0 },
        },
      ],
    },
  },
  errors: [503],
  cacheControl: revalidate,
} satisfies Route;
