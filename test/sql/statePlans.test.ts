import { overview } from '../../functions/overview';
import { type Database, openDatabase } from '../../lib/postgres/database';
import { listModels, sorts, statuses } from '../../lib/schedule/modelList';
import isKnownModelSql from '../../sql/queries/isKnownModel.sql';
import listMissedSql from '../../sql/queries/listMissed.sql';
import readResultSql from '../../sql/queries/readResult.sql';
import takeCatchUpsSql from '../../sql/queries/takeCatchUps.sql';
import takeOverdueSql from '../../sql/queries/takeOverdue.sql';
import { mostRows, planOf } from '../setup/plan';
import { openStores, type Stores } from '../setup/stores';
import { modelNamed } from '../setup/world';

const models = 100_000;

let stores: Stores;
let db: Database;

beforeAll(async () => {
  stores = await openStores();
  db = openDatabase(stores.databaseUrl, 2, 120_000);
  const id = `('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid`;
  await db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, enabled, name, tags, created_at, updated_at)
      SELECT ${id}, (n % 60) || ' * * * *', n % 50 > 0, 'Model ' || n, ARRAY['all', 'tag' || n / 50],
        now() - interval '2 days', now() - interval '2 days'
      FROM generate_series(1, ${models}) AS n`,
  );
  await db.query(
    `INSERT INTO results (model_id, y_true, y_pred) SELECT ${id}, '[1]', '[1]' FROM generate_series(1, ${models}) AS n`,
  );
  await db.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, started_at, finished_at)
      SELECT ${id}, now() - hour * interval '1 hour', 'schedule', 'ok', n % 1000 / 1000.0, 2, now(), now()
      FROM generate_series(1, ${models}) AS n, generate_series(1, 2) AS hour`,
  );
  await db.query(
    `UPDATE model_states SET newest_run = now() - interval '1 hour', newest_status = 'ok', value = random(),
      value_before = CASE WHEN random() < 0.9 THEN random() END, next_due = now() + random() * interval '1 hour',
      expected_by = now() + interval '1 hour' + random() * interval '1 hour',
      missed_at = CASE WHEN random() < 0.01 THEN now() END`,
  );
  await db.query('VACUUM ANALYZE');
});
afterAll(async () => {
  await db.end();
  await stores.close();
});

/** How PostgreSQL carries a statement out: what it walks from end to end or sorts, and how many rows it touches. */
const workOf = async (text: string, values: unknown[]) => {
  const plan = await db.transaction((connection) => planOf(connection, text, values));
  return {
    // Of a month without runs there is nothing to walk.
    wholeTables: plan
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .filter((node) => node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) > 0)
      .map((node) => node['Relation Name']),
    sortedRows: plan
      .filter((node) => /Sort/.test(node['Node Type']))
      .reduce((most, node) => Math.max(most, node['Actual Rows']), 0),
    rows: mostRows(plan),
  };
};

/** The statements that a use case asks, with their values. */
const askedBy = async (ask: (db: Database) => Promise<unknown>) => {
  const asked: [string, unknown[]][] = [];
  await ask({
    ...db,
    query: (text, values = [], options) => {
      asked.push([text, values]);
      return db.query(text, values, options);
    },
  });
  return asked;
};

const filters = [{}, { status: 'ok' as const }, { status: 'stale' as const }, { status: 'paused' as const }];

test.each(sorts.flatMap((sort) => (['asc', 'desc'] as const).map((order) => ({ sort, order }))))(
  'pages by %j of 100,000 models walk an index, whatever the filter, at the first, at the last and near each',
  async (by) => {
    for (const filter of filters) {
      for (const end of ['first', 'last'] as const) {
        const page = { ...by, ...filter, offset: 0, limit: 50 };
        const { body } = await overview({ db })(page);
        const offset = end === 'first' ? 100 : Math.max(0, body.total - 150);
        const [list] = await askedBy((db) => listModels(db, { ...page, offset }, body.total, 30));
        const plan = await workOf(...(list as [string, unknown[]]));
        expect({ filter, end, ...plan }).toEqual({
          filter,
          end,
          wholeTables: [],
          sortedRows: 0,
          rows: expect.any(Number),
        });
        expect(plan.rows).toBeLessThanOrEqual(600);
      }
    }
  },
  120_000,
);

test.each([{ q: '4711' }, { q: 'mod 4711' }, { tag: 'tag7' }, { q: '00000000-0000-4000-8000-00000000123' }])(
  'the few models that %j finds are found by index probes, and so is the count of their statuses',
  async (search) => {
    const asked = await askedBy((db) =>
      overview({ db })({ ...search, sort: 'value', order: 'asc', offset: 0, limit: 50 }),
    );
    expect(asked).toHaveLength(3);
    for (const statement of asked) {
      const { wholeTables, rows } = await workOf(...statement);
      expect(wholeTables).toEqual([]);
      expect(rows).toBeLessThanOrEqual(50 * 30);
    }
  },
);

test('what is told of the models of a page is looked up for those alone', async () => {
  const asked = await askedBy((db) =>
    overview({ db })({ sort: 'status', order: 'asc', offset: 0, limit: 50 }),
  );
  const [list, described] = asked.filter(([text]) => !text.includes('status_counts'));
  for (const statement of [list, described]) {
    const { wholeTables, rows } = await workOf(...(statement as [string, unknown[]]));
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(50 * 30);
  }
});

test('the counts of all statuses are a sum over few rows once watch has put them together', async () => {
  await db.query('SELECT sum_status_counts()');
  const { rows } = await workOf('SELECT status, sum(models) FROM status_counts GROUP BY status', []);
  expect(rows).toBeLessThanOrEqual(statuses.length);
});

test.each([
  ['the newest result', readResultSql, [modelNamed(500)]],
  ['the missed due times of a model', listMissedSql, [modelNamed(500), null, 100]],
  ['whether a model is known', isKnownModelSql, [modelNamed(500)]],
  ['what is overdue', takeOverdueSql, [500]],
  ['what is to be caught up', takeCatchUpsSql, [1000]],
])('%s is found by index probes', async (_, text, values) => {
  const { wholeTables, rows } = await workOf(text, values);
  expect(wholeTables).toEqual([]);
  expect(rows).toBeLessThanOrEqual(10);
});
