import type { Score } from './accuracy/accuracy';

export type Trigger = 'schedule' | 'manual';

/** A row of table `runs`. */
export interface Run {
  model_id: string;
  scheduled_time: Date;
  trigger: Trigger;
  status: Score['status'] | 'no_data';
  accuracy: number | null;
  n_samples: number | null;
  results_id: number | null;
  data_timestamp: Date | null;
  error: string | null;
  finished_at: Date;
}

/** What a run found, as it is stored in Redis and answered. Times are ISO 8601 in UTC, with milliseconds. */
export const toResult = (run: Run) => ({
  model_id: run.model_id,
  status: run.status,
  accuracy: run.accuracy,
  n_samples: run.n_samples,
  results_id: run.results_id,
  data_timestamp: run.data_timestamp?.toISOString() ?? null,
  scheduled_time: run.scheduled_time.toISOString(),
  computed_at: run.finished_at.toISOString(),
  error: run.error,
});

export type Result = ReturnType<typeof toResult>;
