import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readOpenMetrics } from '../http/openMetricsText';
import { startService } from '../localstack/start/service';
import { has, openKitchen, recipes } from './recipes';

/** Where test/tools/install.sh put the tools. Without them these tests are skipped. */
const tools = process.env.TOOLS_FOLDER;
const describeWithTools = tools ? describe : describe.skip;

/** What each recipe prints, in its last lines. */
const printed: [string, RegExp][] = [
  ['curl', /"accuracy":0.75/],
  [
    'pandas',
    /\{'new': 6, 'equal': 0, 'relabelled': 0\}\n\{.*'new': 6.*\}\n.*\n0 +6 +1 +0\.66\d* +0\.66\d*\n$/,
  ],
  ['scikit-learn', /^0\.0\n$/],
  ['MLflow', /\{'f1_macro': 0\.9\d+, 'n_samples': 143\.0, 'roc_auc': 0\.99\d+\}/],
  ['DuckDB', /metrics\.accuracy.*0\.75.*models/s],
  ['A Python client', /20\d\d-\d\d-\d\d 06:00:00\+00:00\n0\.66\d* 3\n$/],
  ['A TypeScript client', /20\d\d-\d\d-\d\dT06:00:00\.000Z\n0\.66\d* 3\n$/],
  ['Prometheus and Grafana', /^$/],
  ['Schedules in git', /2 new, 0 changed.*\n(.*\n)*2 new, 0 changed.*\ndone\n$/],
];

const onlyWith: [string, string, RegExp][] = [
  ['PowerShell', 'pwsh', /0\.75/],
  ['R', 'Rscript', /metrics\.accuracy\n1 .* 4 +0\.75\n/],
];

test('every recipe has a test', () => {
  expect([...printed, ...onlyWith].map(([name]) => name).sort()).toEqual([...recipes.keys()].sort());
});

describeWithTools('with real tools', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-tools-'));
  let service: Awaited<ReturnType<typeof startService>>;
  let kitchen: ReturnType<typeof openKitchen>;

  beforeAll(async () => {
    service = await startService({ API_TOKENS: '' });
    kitchen = openKitchen(join(folder, 'kitchen'), tools as string, service.url);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true });
  });

  test.each(printed)('the recipe of %s works as it stands', async (name, output) => {
    expect(await kitchen.cook(name)).toMatch(output);
  });

  for (const [name, command, output] of onlyWith) {
    (has(command) ? test : test.skip)(`the recipe of ${name} works as it stands`, async () => {
      expect(await kitchen.cook(name)).toMatch(output);
    });
  }

  test("the Python client's recipe passes the type check", async () => {
    const strict = ['mypy', '--strict', '--follow-imports=silent', 'client.py'];
    expect(await kitchen.run(strict)).toMatch(/^Success/);
  });

  test('pandas and DuckDB read history, report and overview as the JSON has them', async () => {
    const model = '10000000-0000-4000-8000-000000000010';
    const post = (path: string, body: object) =>
      fetch(service.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await post('/schedule', {
      model_id: model,
      cron_expression: '0 6 * * *',
      metrics: ['f1_macro', 'accuracy'],
    });
    const labels = ['=1+1', 'a,"b"', 'two\nlines', 'é', ' '];
    for (const y_pred of [labels, labels.toReversed(), [1, 2]]) {
      await post(`/predictions/${model}`, { y_true: labels, y_pred });
      await post(`/schedule/${model}/run`, {});
    }
    await post(`/predictions/${model}`, { y_true: labels, y_pred: labels });
    await post(`/schedule/${model}/run`, {});
    const read = await kitchen.run(['python', resolve('test/tools/readTables.py'), service.url, model]);
    expect(read).toMatch(/^results\/model\/history 4\nresults\/model\/report 5\noverview \d+\n$/);
  });

  test("prometheus_client reads GET /metrics, and so does this repository's own reader", async () => {
    const families = JSON.parse(
      await kitchen.run(['python', resolve('test/tools/readMetrics.py'), service.url]),
    );
    const own = readOpenMetrics(await (await fetch(`${service.url}/metrics`)).text());
    expect(families.map(([name]: [string]) => name)).toEqual([...own.keys()]);
    for (const [name, type, unit, help, samples] of families) {
      const family = own.get(name);
      expect([name, family?.type, family?.unit ?? '', family?.help]).toEqual([name, type, unit, help]);
      expect(family?.samples.map(({ labels }) => labels)).toEqual(
        samples.map(([, labels]: [string, object]) => labels),
      );
    }
  });
});
