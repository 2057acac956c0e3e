import type { Redis } from 'ioredis';
import * as z from 'zod';
import { database, redis } from '../lib/clients';
import { isDue, parseCron } from '../lib/cron/cron';
import { modelId } from '../lib/fields';
import { log } from '../lib/log';
import { measureRun } from '../lib/metrics';
import { accuracy, type Score } from '../lib/metrics/accuracy';
import { once } from '../lib/once';
import type { Database } from '../lib/postgres';
import { putNewestResult } from '../lib/redis';
import { type Result, type Trigger, toResult } from '../lib/result';
import { type RunInput, readRun, runInputReader, runRecorder } from '../lib/runs';

/** The Scheduler's target input, or a caller's who wants a run now. */
const eventSchema = z.strictObject({
  model_id: modelId,
  scheduled_time: z.iso.datetime().transform((text) => new Date(text)),
  trigger: z.enum(['schedule', 'manual']).default('schedule'),
  /** Sent with a schedule expression that fires too often: what decides whether this due time is meant. */
  due_by: z.strictObject({ cron_expression: z.string(), timezone: z.string() }).optional(),
});

type Event = z.output<typeof eventSchema>;

/** The due time is not one of this model's schedule, so nothing was computed or recorded. */
export interface Skipped {
  status: 'skipped';
  reason: 'not scheduled' | 'paused' | 'not due';
}

interface Deps {
  db: Database;
  redis: Redis;
}

const skip = (reason: Skipped['reason']): Skipped => ({ status: 'skipped', reason });

const meets = (by: { cron_expression: string; timezone: string }, time: Date) =>
  isDue(parseCron(by.cron_expression), by.timezone, time);

const guard = (event: Event, schedule: RunInput): Skipped | undefined => {
  if (event.trigger === 'manual') return undefined;
  if (!schedule.enabled) return skip('paused');
  const onMinute = event.scheduled_time.getTime() % 60_000 === 0;
  const due =
    onMinute && event.scheduled_time >= schedule.updated_at && meets(schedule, event.scheduled_time);
  return due ? undefined : skip('not due');
};

/** Two of them have to fit into the function's memory. */
const maxColumnBytes = 64 * 1024 * 1024;

const tooLarge = (column: string): Score => ({
  status: 'invalid_data',
  error: `${column} has more than ${maxColumnBytes} bytes of JSON: store fewer samples a row`,
});

const score = ({ results_id, y_true, y_pred }: RunInput): Score | { status: 'no_data' } => {
  if (results_id === null) return { status: 'no_data' };
  if (y_true === null) return tooLarge('y_true');
  if (y_pred === null) return tooLarge('y_pred');
  return accuracy(y_true, y_pred);
};

const toRun = ({ model_id, scheduled_time, trigger }: Event, input: RunInput) => {
  const started_at = new Date();
  const found = score(input);
  return {
    model_id,
    scheduled_time,
    trigger: trigger satisfies Trigger,
    status: found.status,
    accuracy: found.status === 'ok' ? found.accuracy : null,
    n_samples: found.status === 'ok' ? found.n_samples : null,
    results_id: input.results_id,
    data_timestamp: input.data_timestamp,
    error: found.status === 'invalid_data' ? found.error : null,
    started_at,
  };
};

/** Undefined where the run is recorded already. */
const compute = (event: Event, input: RunInput | undefined) => {
  if (!input) return skip('not scheduled');
  return guard(event, input) ?? (input.recorded ? undefined : toRun(event, input));
};

/**
 * One run. Safe to repeat: the first record of a due time counts and Redis only moves forward. A store that is away is
 * thrown, so that the sender tries again; bad data is an outcome.
 */
export const computeAccuracy = ({ db, redis }: Deps) => {
  const readInput = runInputReader(db, maxColumnBytes);
  const record = runRecorder(db);
  return async (event: Event): Promise<Result | Skipped> => {
    if (event.due_by && !meets(event.due_by, event.scheduled_time)) return skip('not due');
    const computed = await readInput(event, (input) => compute(event, input));
    if (computed && 'reason' in computed) return computed;
    const run = computed ? await record(computed) : await readRun(db, event);
    const result = toResult(run);
    await putNewestResult(redis, result);
    return result;
  };
};

/** Labels of 64 MiB a column take their time. */
const dataTimeoutMs = 20_000;

const run = once(async () => computeAccuracy({ db: database(dataTimeoutMs), redis: redis() }));

export const handler = async (event: unknown): Promise<Result | Skipped> => {
  const startedAt = new Date();
  const parsed = eventSchema.parse(event);
  const outcome = await (await run())(parsed);
  log.info('run', { event: parsed, outcome });
  measureRun(parsed, outcome.status, startedAt);
  return outcome;
};
