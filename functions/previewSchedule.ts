import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/previewSchedule';
import { nextDues, parseCron } from '../lib/schedule/cron/cron';
import { toScheduleExpression } from '../lib/schedule/cron/scheduleExpression';

/** What an expression means from now on. */
export const previewSchedule =
  () =>
  async ({ cron_expression, timezone, count }: Input<typeof route>): Promise<Output<typeof route>> => {
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

export const handler = httpHandler(route, async () => previewSchedule());
