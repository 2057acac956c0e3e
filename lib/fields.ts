import { z } from 'zod';
import { CronError, parseCron } from './cron/cron';
import { isTimezone } from './cron/timezone';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const must = (what: string) => ({
  error: (issue: { input?: unknown }) => `${issue.input === undefined ? 'is required: ' : 'must be '}${what}`,
});

/** A UUID in any case, read as lower case, as PostgreSQL and the schedule's name have it. */
export const modelId = z.string(must('a UUID')).regex(uuid, must('a UUID')).toLowerCase();

export const cronExpression = z
  .string(must('a cron expression such as "*/5 * * * *"'))
  .superRefine((value, context) => {
    try {
      parseCron(value);
    } catch (error) {
      if (!(error instanceof CronError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });

export const timezone = z
  .string(must('an IANA time zone such as "Europe/Berlin"'))
  .refine(isTimezone, must('an IANA time zone such as "Europe/Berlin"'));

export const enabled = z.boolean(must('true or false'));

export const modelParams = z.strictObject({ model_id: modelId });
