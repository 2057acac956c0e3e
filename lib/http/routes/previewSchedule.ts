import * as z from 'zod';
import { instant, instantText, localText } from '../../runtime/instant';
import { cronExpression, timezone } from '../../schedule/fields';
import { scheduleExpression, scheduleWords } from '../../schedule/schedule';
import { count } from '../parameters';
import { type Route, revalidate } from '../route';

const clockChange = z.object({
  kind: z.enum(['skipped', 'repeated']).meta({
    description:
      'skipped: these local times do not come, and do not run; repeated: they come twice, and run the first time',
  }),
  at: instantText.meta({ description: 'When the clocks change' }),
  count: z.int().min(1).meta({ description: 'How many due times' }),
  local_times: z.array(localText).max(5).meta({ description: 'The first of them' }),
});

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
    from: instant
      .optional()
      .meta({ description: 'Where to begin; now if left out', examples: ['2027-03-01T00:00:00Z'] }),
    count: count(1, 100, 5).meta({ description: 'How many due times to answer' }),
  }),
  responses: {
    200: {
      description: 'The expression for EventBridge Scheduler, and the next due times',
      schema: z
        .object({
          cron_expression: cronExpression,
          timezone,
          words: scheduleWords,
          schedule_expression: scheduleExpression,
          due_times: z
            .array(instantText)
            .meta({ description: 'Fewer than asked for only if there are no more' }),
          local_times: z
            .array(localText)
            .meta({ description: 'The same on the wall clock of the time zone' }),
          clock_changes: z.array(clockChange).meta({
            description: 'Where the clocks change in the year that follows, if that concerns due times',
          }),
        })
        .meta({
          examples: [
            {
              cron_expression: '0 9 * * MON-FRI',
              timezone: 'Europe/Berlin',
              words: 'At 09:00 on Monday to Friday',
              schedule_expression: 'cron(0 9 ? * MON-FRI *)',
              due_times: ['2026-03-02T08:00:00.000Z', '2026-03-03T08:00:00.000Z'],
              local_times: ['2026-03-02T09:00', '2026-03-03T09:00'],
              clock_changes: [],
            },
            {
              cron_expression: '30 2 * * *',
              timezone: 'Europe/Berlin',
              words: 'Every day at 02:30',
              schedule_expression: 'cron(30 2 * * ? *)',
              due_times: ['2026-03-28T01:30:00.000Z', '2026-03-30T00:30:00.000Z'],
              local_times: ['2026-03-28T02:30', '2026-03-30T02:30'],
              clock_changes: [
                {
                  kind: 'skipped',
                  at: '2026-03-29T01:00:00.000Z',
                  count: 1,
                  local_times: ['2026-03-29T02:30'],
                },
                {
                  kind: 'repeated',
                  at: '2026-10-25T01:00:00.000Z',
                  count: 1,
                  local_times: ['2026-10-25T02:30'],
                },
              ],
            },
          ],
        }),
    },
  },
  cacheControl: revalidate,
} satisfies Route;
