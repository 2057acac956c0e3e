import * as z from 'zod';
import { endpoint } from '../lib/http/handler';
import { type Answer, type Input, type Route, revalidate } from '../lib/http/route';
import { nextDues, parseCron } from '../lib/schedule/cron/cron';
import { toScheduleExpression } from '../lib/schedule/cron/scheduleExpression';
import { count, cronExpression, instantText, timezone } from '../lib/schedule/fields';
import { scheduleExpression } from '../lib/schedule/schedule';

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
  answers: {
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

/** What an expression means from now on. */
export const previewSchedule =
  () =>
  async ({ cron_expression, timezone, count }: Input<typeof route>): Promise<Answer<typeof route>> => {
    const cron = parseCron(cron_expression);
    return {
      status: 200,
      body: {
        cron_expression,
        timezone,
        schedule_expression: toScheduleExpression(cron).expression,
        due_times: nextDues(cron, timezone, new Date(), count).map((time) => time.toISOString()),
      },
    };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () => previewSchedule());
