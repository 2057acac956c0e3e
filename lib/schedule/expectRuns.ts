import expectRunsSql from '../../sql/queries/expectRuns.sql';
import type { Queries } from '../postgres/database';

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

/** Makes a row of `runs` for each due time that has none, and answers those. */
export const expectRuns = (
  db: Queries,
  expected: Expected[],
): Promise<Pick<Expected, 'model_id' | 'scheduled_time'>[]> => {
  const columns = ['model_id', 'scheduled_time', 'missed_at', 'missed_before', 'catch_up_at'] as const;
  const values = columns.map((column) => expected.map((run) => run[column]));
  return db.query(expectRunsSql, values);
};
