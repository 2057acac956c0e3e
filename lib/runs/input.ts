import copyLabelsSql from '../../sql/queries/copyLabels.sql';
import readRunInputSql from '../../sql/queries/readRunInput.sql';
import type { Database } from '../postgres/database';
import type { DataSettings } from '../schedule/dataSettings';
import type { Settings } from '../schedule/schedule';
import type { RunKey, Trigger } from './run';
import { readWindow, type Window } from './window';

/** The model's schedule and newest sample row, whose columns are null if they are too large. */
export interface RunInput
  extends Pick<Settings, 'task' | 'metrics' | 'pos_label' | 'labels'>,
    Omit<DataSettings, 'revise_for'> {
  cron_expression: string;
  timezone: string;
  enabled: boolean;
  flexible_window_minutes: number;
  /** Since when the schedule has this cron expression and time zone and is enabled or paused. */
  effective_from: Date;
  /** The due time has its run: this one. */
  recorded: boolean;
  recorded_trigger: Trigger | null;
  revision: number | null;
  window_start: Date | null;
  window_end: Date | null;
  results_id: number | null;
  data_timestamp: Date | null;
  /** Sample rows of a time to come, which were left aside: how many (up to 1,000), and the first of them. */
  future_rows: number;
  future_results_id: number | null;
  y_true: Buffer | null;
  y_pred: Buffer | null;
  y_score: Buffer | null;
  /** The sample row has a y_score. */
  scored: boolean;
  /** What the run looks at instead of a sample row, if the schedule says so. */
  window?: Window;
}

type Columns = 'y_true' | 'y_pred' | 'y_score';
type Found = Omit<RunInput, Columns> & Record<Columns, string | null> & { large: boolean };

/**
 * A sample row with more bytes on disk is copied: while a query's answer becomes a string it is in memory four times.
 * Decompressed, a smaller row has at most 16 MiB, since lz4 makes 255 bytes of one.
 */
const queriedBytesOnDisk = 64 * 1024;

const bytesOf = (text: string | null) => (text === null ? null : Buffer.from(text));

interface Asked extends RunKey {
  /** A run that is recorded is to be computed again. */
  revise?: boolean | undefined;
}

/**
 * What a run needs; undefined for a model without a schedule.
 * @param maxColumnBytes how many bytes of JSON a column may have; one with more is null
 */
export const readRunInput = async (
  db: Database,
  run: Asked,
  maxColumnBytes: number,
): Promise<RunInput | undefined> => {
  const input = await readSample(db, run, maxColumnBytes);
  if (!input || input.data === 'newest_row' || (input.recorded && !run.revise)) return input;
  return { ...input, window: await readWindow(db, run.model_id, input, run.scheduled_time) };
};

const readSample = async (
  db: Database,
  { model_id, scheduled_time }: RunKey,
  maxColumnBytes: number,
): Promise<RunInput | undefined> => {
  const key = [model_id, scheduled_time, queriedBytesOnDisk];
  for (;;) {
    const [found] = await db.query<Found>(readRunInputSql, key);
    if (!found) return undefined;
    const { large, y_true, y_pred, y_score, ...input } = found;
    if (!large) {
      return { ...input, y_true: bytesOf(y_true), y_pred: bytesOf(y_pred), y_score: bytesOf(y_score) };
    }
    const row = await db.copyRow(copyLabelsSql, {
      'cyclic.results_id': String(input.results_id),
      'cyclic.max_bytes': String(maxColumnBytes),
      'cyclic.max_score_bytes': String(maxColumnBytes),
    });
    // Without a row, the sample row was deleted in between: the newest is another one now.
    const [yTrue = null, yPred = null, yScore = null] = row;
    if (row.length > 0) return { ...input, y_true: yTrue, y_pred: yPred, y_score: yScore };
  }
};
