import getRunSql from '../../sql/queries/getRun.sql';
import recordRunSql from '../../sql/queries/recordRun.sql';
import type { Queries } from '../postgres/database';
import type { RunInput } from './input';
import type { Run, RunKey } from './run';
import { firstMetric } from './score';

/** The run of a due time that has one. */
export const readRun = async (db: Queries, { model_id, scheduled_time }: RunKey): Promise<Run> => {
  const [run] = await db.query<Run>(getRunSql, [model_id, scheduled_time]);
  if (!run) throw new Error(`run of ${model_id} at ${scheduled_time.toISOString()} is gone`);
  return run;
};

/**
 * Records a run unless its due time has one, and answers the one that counts.
 * @param input what it was computed from
 * @param nextDue the due time after it, by the schedule in `input`
 */
export const recordRun = async (
  db: Queries,
  run: Omit<Run, 'finished_at'>,
  input: RunInput,
  nextDue: Date | null,
): Promise<Run> => {
  const first = firstMetric(input, run);
  const [recorded] = await db.query<Run>(recordRunSql, [
    run.model_id,
    run.scheduled_time,
    run.trigger,
    run.status,
    run.accuracy,
    run.n_samples,
    run.results_id,
    run.data_timestamp,
    run.error,
    run.started_at,
    run.details,
    input.effective_from,
    nextDue,
    input.flexible_window_minutes,
    first.key,
    first.value,
    run.revision,
    run.window_start,
    run.window_end,
  ]);
  return recorded ?? readRun(db, run);
};
