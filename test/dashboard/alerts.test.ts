import { mkdirSync } from 'node:fs';
import { type Dashboard, inChromium, openDashboard } from './browser';
import { addScored, batchOf, putRule } from './scored';

const scored = '00000001-4c1d-4e0a-9b7f-000000000000';
const windowed = '00000002-4c1d-4e0a-9b7f-000000000000';

inChromium('alerts and segments', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await openDashboard({ models: 3, runsEach: 5 });
    const batches = [0.9, 0.6].map((right, at) => batchOf(['cat', 'dog', 'bird'], 100, right, at));
    await addScored(dashboard, scored, { name: 'Animals' }, batches);
    mkdirSync('.bench', { recursive: true });
  });
  afterAll(() => dashboard.close());
  afterEach(async () => {
    for (const context of dashboard.browser.contexts()) await context.close();
    expect(dashboard.complaints).toEqual([]);
  });

  test('while nothing fires, the view shows how to make a rule', async () => {
    await dashboard.db.query('DELETE FROM alerts');
    const page = await dashboard.open('#/alerts');
    await page.getByText('Nothing fires').waitFor();
    await page.locator('code', { hasText: `${dashboard.url}/alerts/<model_id>` }).waitFor();
  });

  test('what fires comes with its model, its value and threshold, and leads to the model', async () => {
    await putRule(dashboard, scored, 'accuracy-low', {
      metric: 'accuracy',
      below: 0.9,
      severity: 'critical',
    });
    const page = await dashboard.open();
    await page.getByRole('link', { name: 'Alerts' }).click();
    await page.getByText(/^\d+ firing, 0 pending, \d+ ok again\./).waitFor();
    const row = page.locator('tbody tr', { hasText: 'Animals' });
    await row.getByText('accuracy-low').waitFor();
    await row.getByText('Critical').waitFor();
    await row.getByText(/^0\.\d+ \(0\.\d+ to 0\.\d+\), threshold 0\.9$/).waitFor();
    await page.screenshot({ path: '.bench/alerts.png' });
    await row.getByRole('link', { name: 'Animals' }).click();
    const rules = page.getByRole('region', { name: 'Alerts' });
    const rule = rules.locator('tr', { hasText: 'accuracy-low' });
    await rule.getByText('accuracy below 0.9').waitFor();
    await rule.getByText('Critical').waitFor();
    await rules.locator('tr', { hasText: 'missed' }).getByText('a due time has no run').waitFor();
  });

  test('the list of models says which alerts of a model fire', async () => {
    const page = await dashboard.open();
    const row = page.locator('tbody tr', { hasText: 'Animals' });
    await row.getByText('▲ accuracy-low').waitFor();
  });

  test('segments are listed with the worst first', async () => {
    const insert = `INSERT INTO metrics_executions (model_id, cron_expression, data, segments)
      VALUES ($1, '* * * * *', '{"window": "P1D", "delay": "PT0S"}', '{country}')`;
    await dashboard.db.query(insert, [windowed]);
    await dashboard.db.query(
      `INSERT INTO predictions (model_id, id, y_pred, y_true, segments, "timestamp")
        SELECT $1, n::text, '1', CASE WHEN n % 10 < good THEN '1' ELSE '0' END::json,
          jsonb_build_object('country', country), now() - interval '1 hour'
        FROM generate_series(1, 300) AS n,
          LATERAL (SELECT (ARRAY['DE', 'FR', 'US'])[1 + n % 3], (ARRAY[9, 4, 7])[1 + n % 3]) AS of (country, good)`,
      [windowed],
    );
    const headers = { authorization: 'Bearer writer', 'content-type': 'application/json' };
    const run = await fetch(`${dashboard.url}/schedule/${windowed}/run`, { method: 'POST', headers });
    expect(run.status).toBe(200);
    const page = await dashboard.open(`#/models/${windowed}`);
    const segments = page.getByRole('region', { name: 'Segments, the worst first' });
    await segments.getByText('country FR').waitFor();
    const names = await segments.locator('tbody th').allTextContents();
    expect(names).toEqual(['country FR', 'country US', 'country DE']);
    await page.screenshot({ path: '.bench/segments.png', fullPage: true });
  });
});
