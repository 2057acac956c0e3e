import expectRunsSql from '../../sql/queries/expectRuns.sql';
import type { Queries } from '../postgres/database';
import { duesWithoutRun, missedAt } from './plan';
import type { Settings } from './schedule';

/** A due time without a run. */
export interface Expected {
  model_id: string;
  scheduled_time: Date;
  missed_at: Date;
  /** How many due times before this one are missing too, and get no row. */
  missed_before: number | null;
  /** When watch invokes it; null: never. */
  catch_up_at: Date | null;
}

type Due = Pick<Settings, 'model_id' | 'cron_expression' | 'timezone' | 'flexible_window_minutes'>;

/**
 * The due times from one instant to another that have no run yet. `recorded` are those that have one, in seconds since
 * 1970; `catchUpAt` says when to invoke a due time, and is told whether it is the last of them.
 */
export const expectedRuns = (
  schedule: Due,
  [from, until]: [Date, Date],
  recorded: number[],
  catchUpAt: (due: Date, isLast: boolean) => Date | null,
): Expected[] => {
  const { dues, before } = duesWithoutRun(schedule, from, until, recorded);
  return dues.map((due, n) => ({
    model_id: schedule.model_id,
    scheduled_time: due,
    missed_at: missedAt(schedule, due),
    missed_before: n === 0 && before > 0 ? before : null,
    catch_up_at: catchUpAt(due, n === dues.length - 1),
  }));
};

/** Makes a row of `runs` for each due time that has none, and answers those. */
export const expectRuns = (
  db: Queries,
  expected: Expected[],
): Promise<Pick<Expected, 'model_id' | 'scheduled_time'>[]> => {
  const columns = ['model_id', 'scheduled_time', 'missed_at', 'missed_before', 'catch_up_at'] as const;
  const values = columns.map((column) => expected.map((run) => run[column]));
  return db.query(expectRunsSql, values);
};
