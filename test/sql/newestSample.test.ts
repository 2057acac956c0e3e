import readRunInputsSql from '../../sql/queries/readRunInputs.sql';
import { openStores, type Stores } from '../setup/stores';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const busy = '00000000-0000-4000-8000-000000000001';

interface Node {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Node[];
}

const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)];

test('the newest of a million sample rows of a model is one index probe', async () => {
  await stores.db.query({
    text: `INSERT INTO results (model_id, y_true, y_pred, "timestamp")
      SELECT $1::uuid, '[1]', '[1]', timestamptz '2026-01-01' + n * interval '1 second'
      FROM generate_series(1, 1000000) AS n`,
    values: [busy],
    query_timeout: 120_000,
  } as never);
  await stores.db.query('INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, $2)', [
    busy,
    '* * * * *',
  ]);
  await stores.db.query({ text: 'ANALYZE', query_timeout: 60_000 } as never);
  const models = [busy, busy, '00000000-0000-4000-8000-000000000002'];
  const rows = await stores.db.query<Record<string, any>>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ${readRunInputsSql}`,
    [models, models.map(() => new Date()), 1_000_000],
  );
  const plan = nodes(JSON.parse(rows[0]['QUERY PLAN'])[0].Plan);
  const probe = plan.find((node) => node['Index Name'] === 'results_newest');
  expect(probe).toMatchObject({ 'Node Type': 'Index Scan', 'Actual Rows': 1, 'Actual Loops': 2 });
  // Of each: four levels of the index and one page of the table.
  expect((probe?.['Shared Hit Blocks'] ?? 0) + (probe?.['Shared Read Blocks'] ?? 0)).toBeLessThanOrEqual(12);
  expect(plan.filter((node) => node['Relation Name'] === 'results')).toEqual([probe]);
}, 180_000);
