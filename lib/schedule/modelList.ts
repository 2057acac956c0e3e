import allModelsSql from '../../sql/queries/allModels.sql';
import countStatusesSql from '../../sql/queries/countStatuses.sql';
import countStatusesFoundSql from '../../sql/queries/countStatusesFound.sql';
import describeModelsSql from '../../sql/queries/describeModels.sql';
import listModelsSql from '../../sql/queries/listModels.sql';
import listModelsBackwardsSql from '../../sql/queries/listModelsBackwards.sql';
import searchModelsSql from '../../sql/queries/searchModels.sql';
import type { Queries } from '../postgres/database';
import type { Timing } from './schedule';

/** What can be said of a model in one word; those that want looking at come first. */
export const statuses = [
  'invalid_data',
  'stale',
  'insufficient_data',
  'no_data',
  'pending',
  'ok',
  'paused',
] as const;
export type Status = (typeof statuses)[number];

/** The column of model_states that a list is sorted by, for each of its sort keys. */
const columns = {
  status: 'status',
  model_id: 'model_id',
  value: 'value',
  change: 'change',
  last_run: 'newest_run',
  next_run: 'next_due',
};
export type Sort = keyof typeof columns;
export const sorts = Object.keys(columns) as [Sort, ...Sort[]];

export interface Search {
  /** The beginning of the model_id, or of words of the name. */
  q?: string | undefined;
  tag?: string | undefined;
}

export interface Page extends Search {
  sort: Sort;
  order: 'asc' | 'desc';
  status?: Status | undefined;
  offset: number;
  limit: number;
}

/** How a model stands: a row of describeModels.sql. */
export interface Model extends Timing {
  model_id: string;
  name: string | null;
  tags: string[];
  data_stale: boolean;
  /** The rules that fire. */
  alerts: string[];
  enabled: boolean;
  status: Status;
  /** The key of its first metric, of which `value`, `change` and `values` are. */
  metric: string;
  value: number | null;
  change: number | null;
  newest_run: Date | null;
  data_timestamp: Date | null;
  n_samples: number | null;
  error: string | null;
  finished_at: Date | null;
  values: (number | null)[];
}

/** The model_ids that begin with these hex digits. */
const range = (q: string): [string, string] | [null, null] => {
  const digits = q.trim().toLowerCase();
  if (!/^[0-9a-f-]{1,36}$/.test(digits)) return [null, null];
  const complete = (digit: string) =>
    (digits.replaceAll('-', '') + digit.repeat(32))
      .slice(0, 32)
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return [complete('0'), complete('f')];
};

/** The words of what is searched for, separated as in the column name_words, as a tsquery that wants the beginning of each. */
const wordsOf = (q: string): string | null => {
  const words = q.split(/[\p{Cc} -/:-@[-`{-~]+/u).filter(Boolean);
  return words.map((word) => `'${word}':*`).join(' & ') || null;
};

/** The parameters of searchModels.sql; undefined where nothing is searched for. */
const searchValues = ({ q = '', tag }: Search): unknown[] | undefined => {
  const words = wordsOf(q);
  return words === null && tag === undefined ? undefined : [...range(q), words, tag ?? null];
};

export const countStatuses = async (db: Queries, search: Search = {}): Promise<Record<Status, number>> => {
  const values = searchValues(search);
  const text = values ? countStatusesFoundSql.replace('{search}', searchModelsSql) : countStatusesSql;
  const counted = await db.query<{ status: Status; models: number }>(text, values, { plan: 'each time' });
  const models = new Map(counted.map(({ status, models }) => [status, models]));
  return Object.fromEntries(statuses.map((status) => [status, models.get(status) ?? 0])) as Record<
    Status,
    number
  >;
};

/** The model_ids of a page, found from whichever end of the list is nearer. */
const pageOf = async (db: Queries, page: Page, total: number): Promise<string[]> => {
  const { sort, order, status, offset } = page;
  const searched = searchValues(page);
  const limit = Math.min(page.limit, total - offset);
  if (limit <= 0) return [];
  const backwards = offset > total / 2;
  const text = (backwards ? listModelsBackwardsSql : listModelsSql)
    .replaceAll('{key}', columns[sort])
    .replaceAll('{direction}', (order === 'asc') === backwards ? 'DESC' : 'ASC')
    .replaceAll('{status}', status ? 'status = $7' : 'TRUE')
    .replaceAll('{search}', searched ? searchModelsSql : allModelsSql);
  const leftOut = backwards ? total - offset - limit : offset;
  const values = [...(searched ?? Array(4).fill(null)), leftOut, limit, ...(status ? [status] : [])];
  const found = await db.query<{ model_id: string }>(text, values, { plan: 'each time' });
  const ids = found.map(({ model_id }) => model_id);
  return backwards ? ids.reverse() : ids;
};

/**
 * A page of models; what has no value under the sort key comes last, whichever way it is sorted.
 * @param total how many there are on all pages
 * @param recent of how many runs the values
 */
export const listModels = async (
  db: Queries,
  page: Page,
  total: number,
  recent: number,
): Promise<Model[]> => {
  const ids = await pageOf(db, page, total);
  return ids.length > 0 ? db.query<Model>(describeModelsSql, [ids, recent]) : [];
};
