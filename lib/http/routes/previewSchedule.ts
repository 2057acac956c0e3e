import * as z from 'zod';
import { instantText } from '../../runtime/instant';
import { cronExpression, timezone } from '../../schedule/fields';
import { scheduleExpression } from '../../schedule/schedule';
import { count } from '../parameters';
import { type Route, revalidate } from '../route';

export const route = {
  name: 'previewSchedule',
  method: 'get',
  path: '/schedule/preview',
  summary: 'See what a cron expression means',
  description: 'Nothing is stored.',
  scope: 'read',
  query: z.strictObject({
    cron_expression: cronExpression,
    timezone: timezone.default('UTC'),
    count: count(1, 100, 5).meta({ description: 'How many due times to answer' }),
  }),
  responses: {
    200: {
      description: 'The expression for EventBridge Scheduler, and the next due times',
      schema: z
        .object({
          cron_expression: cronExpression,
          timezone,
          schedule_expression: scheduleExpression,
          due_times: z
            .array(instantText)
            .meta({ description: 'Fewer than asked for only if there are no more' }),
        })
        .meta({
          examples: [
            {
              cron_expression: '0 9 * * MON-FRI',
              timezone: 'Europe/Berlin',
              schedule_expression: 'cron(0 9 ? * MON-FRI *)',
              due_times: ['2026-03-02T08:00:00.000Z', '2026-03-03T08:00:00.000Z'],
            },
          ],
        }),
    },
  },
  cacheControl: revalidate,
} satisfies Route;
