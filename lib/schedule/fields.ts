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

/** What a line of text holds: no control character, and no half of a surrogate pair. */
const line = /^[^\p{Cc}\p{Cs}]*$/u;
const short = (max: number) => must(`a text of 1 to ${max} characters`);

export const name = z
  .string(short(100))
  .trim()
  .min(1, short(100))
  .max(100, short(100))
  .refine((text) => line.test(text), 'must have no control character')
  .nullable()
  .meta({ description: 'What people call the model; no two have the same', examples: ['Fraud, Europe'] });

export const description = z
  .string(must('a text'))
  .max(1000, 'must be at most 1000 characters long')
  .refine((text) => /^[^\0\p{Cs}]*$/u.test(text), 'must have no NUL and no lone surrogate')
  .nullable();

export const tag = z
  .string(short(50))
  .trim()
  .min(1, short(50))
  .max(50, short(50))
  .refine((text) => line.test(text), 'must have no control character');

export const tags = z
  .array(tag, must('a list of texts'))
  .max(20, 'must be at most 20 tags')
  .overwrite((tags) => [...new Set(tags)])
  .meta({ description: 'Words that models are found by', examples: [['production', 'team-risk']] });

const years = must('a whole number of minutes from 1 to 5256000 (ten years)');

export const maxDataAgeMinutes = z
  .int(years)
  .min(1, years)
  .max(5_256_000, years)
  .nullable()
  .meta({
    description: 'Data of the newest run that is older than this is stale, and an alert; null: none is',
    examples: [1440],
  });
