import type { Result } from './result';

export type Trigger = 'schedule' | 'manual';

/** The metrics of the predictions with one value of a segment. */
export interface SegmentMetrics {
  segment: string;
  /** null: all values but the hundred largest ones. */
  value: string | null;
  n_predictions: number;
  n_samples: number;
  metrics: Record<string, number | null>;
  intervals: Record<string, [number, number] | null>;
}

/** What a run notes besides its columns. */
export interface Details {
  /** In the order asked for, which jsonb does not keep. */
  keys?: string[];
  /** By key, with a 95 % interval, and the best that a constant prediction has. */
  metrics?: Record<string, number | null>;
  intervals?: Record<string, [number, number] | null>;
  baseline?: Record<string, number | null>;
  /** Why a metric is null, or which classes an average leaves out. */
  undefined?: Record<string, string>;
  hints?: string[];
  /** Samples without a true label, which were left out. */
  n_unlabelled?: number;
  /** Of a window: all predictions, labelled or not. */
  n_predictions?: number;
  segments?: SegmentMetrics[];
  /** Sample rows that were left aside because their timestamp is in the future: how many, and the id of the first. */
  future_rows?: { count: number; first_results_id: number };
}

/** A row of table `runs`. */
export interface Run {
  model_id: string;
  /** The due time; of a manual run, when it was asked for. */
  scheduled_time: Date;
  trigger: Trigger;
  status: Result['status'];
  accuracy: number | null;
  n_samples: number | null;
  results_id: number | null;
  data_timestamp: Date | null;
  error: string | null;
  started_at: Date;
  finished_at: Date;
  details: Details | null;
  /** How often it was computed again since its predictions or labels had changed. */
  revision: number;
  /** The window of predictions that it looked at; null for a sample row. */
  window_start: Date | null;
  window_end: Date | null;
}

/** Which run: at most one of these ever counts. */
export type RunKey = Pick<Run, 'model_id' | 'scheduled_time'>;

/** The due time is not one of the model's schedule, so nothing was computed or recorded. */
export interface Skipped {
  status: 'skipped';
  reason: 'not scheduled' | 'paused' | 'not due';
}
