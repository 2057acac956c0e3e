import beginWindowSql from '../../sql/queries/beginWindow.sql';
import countWindowSql from '../../sql/queries/countWindow.sql';
import findLastSql from '../../sql/queries/findLast.sql';
import readWindowSql from '../../sql/queries/readWindow.sql';
import type { Queries } from '../postgres/database';
import type { DataSettings } from '../schedule/dataSettings';
import { durationMs } from '../schedule/duration';
import { planMetrics, type Wanted } from '../schedule/metricSettings';

/** The predictions of a stretch of time, as the metrics of a schedule need them. */
export interface Window {
  /** null: there are none. */
  start: Date | null;
  end: Date;
  rows: WindowRows[];
}

/** All predictions of the window, or those with one value of a segment. */
export interface WindowRows {
  /** null: all. */
  segment: string | null;
  /** null: all values that do not stand for themselves. */
  value: string | null;
  n_predictions: number;
  n_labelled: number;
  /** false: the lists would be too long, and are empty. */
  fits: boolean;
  /** JSON lists: of every labelled prediction, or of pairs that differ, with `counts` how often each was met. */
  y_true: string;
  y_pred: string;
  y_score?: string | null;
  counts?: string;
}

/** So many values of a segment stand for themselves, the largest ones; the others are one together. */
const mostValues = 100;

/** Of all lists together: while PostgreSQL's answer becomes strings it is in memory four times. */
export const maxWindowBytes = 64 * 1024 * 1024;

interface Bounds {
  /** As PostgreSQL has it, to the microsecond. */
  start: string;
  startId: string;
  end: Date;
}

type Asked = Wanted &
  Pick<DataSettings, 'data' | 'segments'> & { window_start: Date | null; window_end: Date | null };

/** Without an id that the window begins with. */
const anyId = '';

/** The window of a due time; that of a run which is computed again stays where it was. */
const boundsOf = async (
  db: Queries,
  model_id: string,
  { data, window_start, window_end }: Asked,
  due: Date,
): Promise<Bounds | { end: Date }> => {
  if (typeof data === 'object' && 'last' in data) {
    const end = window_end ?? due;
    const find = (labelled: boolean) =>
      db.query<{ start: string; id: string }>(findLastSql, [model_id, end, data.last, labelled]);
    const first = (await find(true))[0] ?? (await find(false))[0];
    return first ? { start: first.start, startId: first.id, end } : { end };
  }
  if (window_start && window_end)
    return { start: window_start.toISOString(), startId: anyId, end: window_end };
  const { window, delay } = data as { window: string; delay: string };
  const end = due.getTime() - (durationMs(delay) as number);
  const start = end - (durationMs(window) as number);
  return { start: new Date(start).toISOString(), startId: anyId, end: new Date(end) };
};

/** Metrics of classes are computed from counts, for which no prediction leaves PostgreSQL. */
const needsOnlyCounts = (wanted: Wanted): boolean => {
  const checked = planMetrics(wanted);
  return (
    checked.ok &&
    checked.plan.asked.every(({ metric: { needs } }) => needs !== 'scores' && needs !== 'numbers')
  );
};

const readRows = async (
  db: Queries,
  model_id: string,
  asked: Asked,
  bounds: Bounds | { end: Date },
): Promise<Window> => {
  if (!('start' in bounds)) return { start: null, end: bounds.end, rows: [] };
  const { start, startId, end } = bounds;
  const values = [model_id, start, startId, end, asked.segments, mostValues, maxWindowBytes];
  const text = needsOnlyCounts(asked) ? countWindowSql : readWindowSql;
  const rows = await db.query<WindowRows>(text, values, { plan: 'each time' });
  return { start: new Date(start), end, rows };
};

/** The predictions that a run looks at. What changes among them from now on is noted, for a revision. */
export const readWindow = async (db: Queries, model_id: string, asked: Asked, due: Date): Promise<Window> => {
  const bounds = await boundsOf(db, model_id, asked, due);
  await db.query(beginWindowSql, [model_id, bounds.end]);
  return readRows(db, model_id, asked, bounds);
};

/** The predictions that a run has looked at, as they are now. */
export const readWindowAgain = async (
  db: Queries,
  model_id: string,
  asked: Asked & { window_end: Date },
): Promise<Window> => readRows(db, model_id, asked, await boundsOf(db, model_id, asked, asked.window_end));
