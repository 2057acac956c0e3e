import * as z from 'zod';
import { ruleIntervalMs } from './ruleInterval';

const text = z.string().min(1);

/** What a caller may do; `write` includes `read`. */
const scope = z.enum(['read', 'write']);
export type Scope = z.output<typeof scope>;

/** `name:scope:hash`, as `npm run token` prints it; the hash is SHA-256 in hex. */
const token = z
  .string()
  .regex(/^[\w.-]+:(read|write):[0-9a-f]{64}$/, 'must be name:scope:hash, from "npm run token"')
  .transform((text) => {
    const [name, allowed, hash] = text.split(':') as [string, string, string];
    return { name, scope: scope.parse(allowed), hash: Buffer.from(hash, 'hex') };
  });

const optional = z
  .string()
  .transform((text) => text || undefined)
  .optional();

/** The ARN of a secret with a password that the URL then has not. */
const secretArn = optional;

const optionalCount = z.preprocess(
  (count) => (count === '' ? undefined : count),
  z.coerce.number().int().positive().optional(),
);

const schema = z.object({
  DATABASE_URL: text,
  DATABASE_SECRET_ARN: secretArn,
  /** Of the roles that the other functions connect as. Read by migrate, which makes them. */
  DATABASE_APP_URL: optional,
  DATABASE_APP_SECRET_ARN: secretArn,
  DATABASE_READ_URL: optional,
  DATABASE_READ_SECRET_ARN: secretArn,
  /** Connections one environment may hold: one, as Lambda gives an environment one invoke at a time. */
  DATABASE_POOL_MAX: z.coerce.number().int().positive().default(1),
  REDIS_URL: text,
  REDIS_SECRET_ARN: secretArn,
  /** How long a run is kept, and how many of a model. */
  RUNS_KEEP_DAYS: z.coerce.number().int().positive().default(90),
  RUNS_KEEP_PER_MODEL: z.coerce.number().int().positive().default(100_000),
  /** How long a prediction is kept, and its label. */
  PREDICTIONS_KEEP_DAYS: z.coerce.number().int().positive().default(90),
  /** How many schedules there may be; without it, as many as the Scheduler takes. */
  MAX_SCHEDULES: optionalCount,
  /** How long a sample row is kept that is not its model's newest; without it, for ever. */
  RESULTS_KEEP_DAYS: optionalCount,
  /** Where alerts go: JSON, as lib/alerts/README.md tells, or a secret that has it. */
  ALERT_CHANNELS: z.string().default(''),
  ALERT_CHANNELS_SECRET_ARN: secretArn,
  /** Hosts, addresses and networks that webhooks may call though they are not public, separated by commas. */
  WEBHOOK_ALLOW: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((entry) => entry.trim() || [])),
  /** Where people find the page, for the links in messages. */
  PUBLIC_URL: optional,
  /** Called after each look of watch, so that somebody elsewhere notices when there is none. */
  HEARTBEAT_URL: optional,
  /** What a run with something to tell invokes; without it, watch does so within a minute. */
  NOTIFY_ARN: optional,
  /** How often reconcile is invoked; read as milliseconds. */
  RECONCILE_EVERY: z.string().default('rate(5 minutes)').transform(ruleIntervalMs),
  SCHEDULE_GROUP: text,
  /** What the schedules invoke, and the role that lets EventBridge Scheduler do so. */
  COMPUTE_ACCURACY_ARN: text,
  SCHEDULER_ROLE_ARN: text,
  DEAD_LETTER_ARN: text,
  /** Who may call: holders of a token, of a JWT that API Gateway verified, or `local`: anybody if no token is set. */
  API_ACCESS: z.enum(['tokens', 'jwt', 'local']).default('tokens'),
  /** Separated by commas, so that one can be rotated while the others live. */
  API_TOKENS: z
    .string()
    .default('')
    .refine((list) => list.trim() === '' || list.split(',').some((entry) => entry.trim()), {
      error: 'must have an entry, from "npm run token", or be empty',
    })
    .transform((list) => list.split(',').flatMap((entry) => entry.trim() || []))
    .pipe(z.array(token)),
});

type Env = z.output<typeof schema>;

/** An entry of API_TOKENS. */
export type Token = Env['API_TOKENS'][number];

/**
 * One setting. Read when first needed, so that a function wants only the settings of what it uses.
 * @throws Error that names the variable
 */
export const env = <K extends keyof Env>(name: K): Env[K] => {
  const parsed = schema.shape[name].safeParse(process.env[name]);
  if (!parsed.success) throw new Error(`environment variable ${name}: ${parsed.error.issues[0]?.message}`);
  return parsed.data as Env[K];
};
