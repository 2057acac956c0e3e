import type { Run } from '../runs/result';
import { isStale, nextRunAt, type Schedule } from './schedule';

/** What can be said of a model in one word; those that want looking at come first. */
export const statuses = ['invalid_data', 'stale', 'no_data', 'pending', 'ok', 'paused'] as const;

export const sorts = ['status', 'model_id', 'accuracy', 'change', 'last_run', 'next_run'] as const;
export type Sort = (typeof sorts)[number];

/** A row of sql/queries/listModelStates.sql. */
interface StateRow extends Schedule {
  newest_run: Date | null;
  newest_status: Run['status'] | null;
  accuracy: number | null;
  change: number | null;
}

/** A model's schedule and newest run, in a few columns. */
export interface ModelState extends StateRow {
  status: (typeof statuses)[number];
}

const statusOf = (row: StateRow, stale: boolean): ModelState['status'] => {
  if (!row.enabled) return 'paused';
  return stale ? 'stale' : (row.newest_status ?? 'pending');
};

const minuteOf = (time: Date) => Math.floor(time.getTime() / 60_000);

/** Whether a model is stale can only change with its schedule, its newest run, or the minute: worked out once for each. */
export const modelStates = () => {
  let minute = 0;
  let known = new Map<string, { of: string; stale: boolean }>();
  return (rows: StateRow[], now: Date): ModelState[] => {
    if (minuteOf(now) !== minute) known = new Map();
    minute = minuteOf(now);
    return rows.map((row) => {
      const of = `${row.updated_at.getTime()} ${row.newest_run?.getTime()}`;
      let found = known.get(row.model_id);
      if (found?.of !== of) {
        found = { of, stale: isStale(row, row.newest_run, now) };
        known.set(row.model_id, found);
      }
      return { ...row, status: statusOf(row, found.stale) };
    });
  };
};

const keys: Record<Sort, (state: ModelState, now: Date) => string | number | null> = {
  status: ({ status }) => statuses.indexOf(status),
  model_id: ({ model_id }) => model_id,
  accuracy: ({ accuracy }) => accuracy,
  change: ({ change }) => change,
  last_run: ({ newest_run }) => newest_run?.getTime() ?? null,
  next_run: nextRunAt,
};

const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);

/** Sorted by a key, what has none last; equal ones by model_id. */
export const order = (
  states: ModelState[],
  sort: Sort,
  direction: 'asc' | 'desc',
  now: Date,
): ModelState[] => {
  const sign = direction === 'asc' ? 1 : -1;
  return states
    .map((state) => ({ state, key: keys[sort](state, now) }))
    .sort((a, b) => {
      if (a.key !== null && b.key !== null && a.key !== b.key) return sign * compare(a.key, b.key);
      if ((a.key === null) !== (b.key === null)) return a.key === null ? 1 : -1;
      return compare(a.state.model_id, b.state.model_id);
    })
    .map(({ state }) => state);
};
