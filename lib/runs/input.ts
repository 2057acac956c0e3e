import copyLabelsSql from '../../sql/queries/copyLabels.sql';
import readRunInputSql from '../../sql/queries/readRunInput.sql';
import type { Database } from '../postgres/database';
import type { Settings } from '../schedule/schedule';
import type { RunKey } from './run';

/** The model's schedule and newest sample row, whose columns are null if they are too large. */
export interface RunInput extends Pick<Settings, 'task' | 'metrics' | 'pos_label' | 'labels'> {
  cron_expression: string;
  timezone: string;
  enabled: boolean;
  flexible_window_minutes: number;
  /** Since when the schedule has this cron expression and time zone and is enabled or paused. */
  effective_from: Date;
  /** The due time has its run. */
  recorded: boolean;
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
}

type Columns = 'y_true' | 'y_pred' | 'y_score';
type Found = Omit<RunInput, Columns> & Record<Columns, string | null> & { large: boolean };

/**
 * A sample row with more bytes on disk is copied: while a query's answer becomes a string it is in memory four times.
 * Decompressed, a smaller row has at most 16 MiB, since lz4 makes 255 bytes of one.
 */
const queriedBytesOnDisk = 64 * 1024;

const bytesOf = (text: string | null) => (text === null ? null : Buffer.from(text));

/**
 * What a run needs; undefined for a model without a schedule.
 * @param maxColumnBytes how many bytes of JSON a column may have; one with more is null
 */
export const readRunInput = async (
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
