import * as z from 'zod';
import { modelId } from '../../schedule/modelId';
import { scheduleExample, scheduleSchema } from '../../schedule/schedule';
import { pageLimit } from '../parameters';
import { type Route, revalidate } from '../route';

export const route = {
  name: 'listSchedules',
  method: 'get',
  path: '/schedule',
  summary: 'List the schedules, a page at a time',
  description:
    'In an order of their own. A schedule that is there all the while is on exactly one page, whatever others are made and deleted between the requests.',
  scope: 'read',
  query: z.strictObject({
    limit: pageLimit,
    cursor: modelId.optional().meta({ description: '`next_cursor` of the page before' }),
  }),
  responses: {
    200: {
      description: 'A page of schedules',
      schema: z.object({
        items: z.array(scheduleSchema),
        next_cursor: z.string().nullable().meta({ description: 'For the next page; null on the last' }),
      }),
      examples: [{ items: [scheduleExample], next_cursor: scheduleExample.model_id }],
    },
  },
  errors: [503],
  cacheControl: revalidate,
} satisfies Route;
