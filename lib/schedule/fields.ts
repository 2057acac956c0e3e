import * as z from 'zod';
import { must } from '../runtime/must';
import { CronError, parseCron } from './cron/cron';
import { isTimezone, timezoneLike } from './cron/timezone';

export const cronExpression = z
  .string(must('a cron expression such as "*/5 * * * *"'))
  .trim()
  .max(1000, 'must be at most 1000 characters long')
  .superRefine((value, context) => {
    try {
      parseCron(value);
    } catch (error) {
      if (!(error instanceof CronError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  })
  .meta({
    format: 'cron-expression',
    description:
      'Five fields, as in crontab(5): minute, hour, day of month (also L, L-3, LW, 15W), month, day of week (also 5L, 5#2)',
    examples: ['*/5 * * * *'],
  });

export const timezone = z
  .string(must('an IANA time zone such as "Europe/Berlin"'))
  .max(50, must('an IANA time zone such as "Europe/Berlin"'))
  .superRefine((value, context) => {
    if (isTimezone(value)) return;
    const meant = timezoneLike(value);
    const hint = meant ? `; did you mean "${meant}"?` : '';
    context.addIssue({
      code: 'custom',
      message: `must be an IANA time zone such as "Europe/Berlin"${hint}`,
    });
  })
  .meta({
    format: 'iana-timezone',
    description:
      'The name, in the spelling of the IANA database, of the time zone in which the expression is read',
    examples: ['Europe/Berlin'],
  });

export const enabled = z
  .boolean(must('true or false'))
  .meta({ description: 'false pauses the schedule', examples: [true] });

const minutesOfADay = must('a whole number of minutes from 0 to 1440');

export const flexibleWindowMinutes = z
  .int(minutesOfADay)
  .min(0, minutesOfADay)
  .max(1440, minutesOfADay)
  .meta({
    description:
      'A run may start up to this many minutes after its due time, so that models that are due together do not all run at once; 0: on the minute',
    examples: [15],
  });

export const catchUp = z.enum(['none', 'last', 'all'], must('"none", "last" or "all"')).meta({
  description: 'Which due times are run late when they were missed: none, the last one, or all of them',
  examples: ['last'],
});
