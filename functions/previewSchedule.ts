import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/previewSchedule';
import { toLocalText } from '../lib/runtime/instant';
import { clockChanges, nextDues, parseCron, wordsOf } from '../lib/schedule/cron/cron';
import { toScheduleExpression } from '../lib/schedule/cron/scheduleExpression';
import { zoneNamed } from '../lib/schedule/cron/timezone';

const yearMs = 365 * 86_400_000;

/** What an expression means from now on, or from another moment. */
export const previewSchedule =
  () =>
  async ({ cron_expression, timezone, from, count }: Input<typeof route>): Promise<Output<typeof route>> => {
    const cron = parseCron(cron_expression);
    const start = from?.getTime() ?? Date.now();
    const dues = nextDues(cron, timezone, start - 1, count);
    const { localAt } = zoneNamed(timezone);
    return {
      status: 200,
      body: {
        cron_expression,
        timezone,
        words: wordsOf(cron),
        schedule_expression: toScheduleExpression(cron).expression,
        due_times: dues.map((time) => time.toISOString()),
        local_times: dues.map((time) => toLocalText(localAt(time.getTime()))),
        clock_changes: clockChanges(cron, timezone, start, start + yearMs).map(
          ({ kind, at, count, times }) => ({
            kind,
            at: at.toISOString(),
            count,
            local_times: times.map(toLocalText),
          }),
        ),
      },
    };
  };

export const handler = httpHandler(route, async () => previewSchedule());
