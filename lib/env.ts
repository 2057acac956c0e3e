import { z } from 'zod';

const text = z.string().min(1);

const schema = z.object({
  DATABASE_URL: text,
  /** Connections one environment may hold: one, as Lambda gives an environment one invoke at a time. */
  DATABASE_POOL_MAX: z.coerce.number().int().positive().default(1),
  REDIS_URL: text,
  SCHEDULE_GROUP: text,
  /** What the schedules invoke, and the role that lets EventBridge Scheduler do so. */
  COMPUTE_ACCURACY_ARN: text,
  SCHEDULER_ROLE_ARN: text,
  DEAD_LETTER_ARN: text,
});

type Env = z.output<typeof schema>;

/**
 * One setting. Read when first needed, so that a function wants only the settings of what it uses.
 * @throws Error that names the variable
 */
export const env = <K extends keyof Env>(name: K): Env[K] => {
  const parsed = schema.shape[name].safeParse(process.env[name]);
  if (!parsed.success) throw new Error(`environment variable ${name}: ${parsed.error.issues[0]?.message}`);
  return parsed.data as Env[K];
};
