import { scheduleSchema, settingsSchema } from '../../schedule/schedule';
import type { Route } from '../route';

export const route = {
  name: 'schedule',
  method: 'post',
  path: '/schedule',
  summary: "Make or replace a model's schedule",
  description:
    'Settings that mean the same as those that are there change nothing, so that a request may be repeated.',
  scope: 'write',
  body: settingsSchema,
  responses: {
    200: { description: 'Replaced, or there already', schema: scheduleSchema },
    201: {
      description: 'New',
      schema: scheduleSchema,
      headers: { location: "The schedule's path" },
    },
  },
  errors: [409, 429, 503],
} satisfies Route;
