import * as z from 'zod';
import { tell } from '../lib/alerts/tell';
import type { Database } from '../lib/postgres/database';
import type { ResultCache } from '../lib/redis/resultCache';
import { type RunInput, readRunInput } from '../lib/runs/input';
import { readRun, recordRun } from '../lib/runs/record';
import { type Result, toResult } from '../lib/runs/result';
import { type Run, type Skipped, triggers } from '../lib/runs/run';
import { maxColumnBytes, scoreInput } from '../lib/runs/score';
import { database, notifier, results } from '../lib/runtime/clients';
import { notInTheFuture } from '../lib/runtime/instant';
import type { Invoker } from '../lib/runtime/invoker';
import { lazy } from '../lib/runtime/lazy';
import { log } from '../lib/runtime/log';
import { measureRun } from '../lib/runtime/telemetry';
import { isDue, parseCron } from '../lib/schedule/cron/cron';
import { modelId } from '../lib/schedule/modelId';
import { followingDue } from '../lib/schedule/plan';

const minuteMs = 60_000;

/** The Scheduler's target input, or that of a caller who wants a run now. */
const eventSchema = z
  .strictObject({
    model_id: modelId,
    scheduled_time: z.iso
      .datetime()
      .transform((text) => new Date(text))
      .refine(...notInTheFuture),
    trigger: z.enum(triggers).default('schedule'),
    /** Its window is computed again, as watch found that predictions or labels in it have changed. */
    revise: z.literal(true).optional(),
    /** Sent with a schedule expression that fires too often: what decides whether this due time is meant. */
    due_by: z.strictObject({ cron_expression: z.string(), timezone: z.string() }).optional(),
  })
  .transform((event) => ({
    ...event,
    // Due times are whole minutes. A run that somebody asks for has the moment in which it was asked for.
    scheduled_time:
      event.trigger === 'manual'
        ? event.scheduled_time
        : new Date(Math.floor(event.scheduled_time.getTime() / minuteMs) * minuteMs),
  }));

type Event = z.output<typeof eventSchema>;

interface Deps {
  db: Database;
  results: ResultCache;
  /** Invokes notify. */
  notifier?: Pick<Invoker, 'invokeLater'> | undefined;
}

const skip = (reason: Skipped['reason']): Skipped => ({ status: 'skipped', reason });

/**
 * Why a due time is not run, if so. EventBridge Scheduler knows when an exact expression is due; only one that fires too
 * often is looked at again. A due time from before the last change of the schedule belongs to what was in force then.
 */
const guard = ({ trigger, scheduled_time, due_by }: Event, input: RunInput): Skipped | undefined => {
  if (trigger !== 'schedule' || input.recorded) return undefined;
  if (due_by && !isDue(parseCron(due_by.cron_expression), due_by.timezone, scheduled_time))
    return skip('not due');
  return !input.enabled && scheduled_time >= input.effective_from ? skip('paused') : undefined;
};

const compute = (
  { model_id, scheduled_time, trigger }: Event,
  input: RunInput,
  started_at: Date,
): Omit<Run, 'finished_at'> => {
  const found = scoreInput(input);
  const { window, recorded_trigger, revision } = input;
  const { results_id, data_timestamp, future_rows: count, future_results_id: first_results_id } = input;
  const future = first_results_id === null ? {} : { future_rows: { count, first_results_id } };
  const details = found.details || first_results_id !== null ? { ...found.details, ...future } : null;
  return {
    model_id,
    scheduled_time,
    trigger: recorded_trigger ?? trigger,
    ...found,
    results_id,
    data_timestamp,
    started_at,
    details,
    revision: revision === null ? 0 : revision + 1,
    window_start: window?.start ?? null,
    window_end: window?.end ?? null,
  };
};

/**
 * One run. Safe to repeat: the first record of a due time counts and Redis only moves forward. A store that is away is
 * thrown, so that the sender tries again; bad data is an outcome.
 */
export const computeAccuracy =
  ({ db, results, notifier }: Deps) =>
  async (event: Event): Promise<Result | Skipped> => {
    const startedAt = new Date();
    const input = await readRunInput(db, event, maxColumnBytes);
    if (!input) return skip('not scheduled');
    const skipped = guard(event, input);
    if (skipped) return skipped;
    const isDone = input.recorded && !(event.revise && input.window);
    const run = isDone
      ? await readRun(db, event)
      : await recordRun(
          db,
          compute(event, input, startedAt),
          input,
          followingDue(input, event.scheduled_time),
        );
    const result = toResult(run);
    await Promise.all([results.putNewest(result), !isDone && tell(db, notifier)]);
    return result;
  };

/** Labels of 64 MiB a column take their time. */
const dataTimeoutMs = 20_000;

const run = lazy(async () =>
  computeAccuracy({ db: database(dataTimeoutMs), results: await results(), notifier: notifier() }),
);

export const handler = async (event: unknown): Promise<Result | Skipped> => {
  const startedAt = new Date();
  const parsed = eventSchema.parse(event);
  const outcome = await (await run())(parsed);
  log.info('run', { event: parsed, outcome });
  measureRun(parsed, outcome.status, startedAt);
  return outcome;
};
