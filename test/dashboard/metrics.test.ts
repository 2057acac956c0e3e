import type { Page } from 'playwright-core';
import { type Dashboard, inChromium, openDashboard } from './browser';
import { addScored, batchOf } from './scored';

const animals = '00000001-4c1d-4e0a-9b7f-000000000000';
const errors = '00000002-4c1d-4e0a-9b7f-000000000000';
const unlabelled = '00000003-4c1d-4e0a-9b7f-000000000000';
const wide = '00000004-4c1d-4e0a-9b7f-000000000000';

inChromium('metrics', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await openDashboard({ models: 1, runsEach: 3 });
    const labels = ['cat', 'dog', 'golden retriever'];
    await addScored(
      dashboard,
      animals,
      { metrics: ['f1_macro', 'accuracy', 'roc_auc_ovr', { name: 'fbeta_macro', beta: 2 }] },
      [batchOf(labels, 200, 0.95, 1), batchOf(labels, 200, 0.9, 2), batchOf(labels, 200, 0.6, 3, 0.1)],
      true,
    );
    await addScored(
      dashboard,
      errors,
      { task: 'regression', metrics: ['mean_absolute_error', 'r2'] },
      [1, 2].map((off) => ({ y_true: [1, 2, 3, 4], y_pred: [1, 2, 3, 4 + off] })),
    );
    await addScored(dashboard, unlabelled, {}, [{ y_true: [null, null], y_pred: [1, 0] }]);
    const many = Array.from({ length: 200 }, (_, at) => `class ${at}`);
    await addScored(dashboard, wide, {}, [batchOf(many, 5000, 0.8, 5)]);
  });
  afterAll(() => dashboard.close());
  afterEach(async () => {
    for (const context of dashboard.browser.contexts()) await context.close();
    expect(dashboard.complaints).toEqual([]);
  });

  const readout = (page: Page, text: string | RegExp) =>
    page.locator('.chart .readout', { hasText: text }).waitFor();
  const open = async (model: string, search = '') => {
    const page = await dashboard.open(`#/models/${model}${search}`);
    await page.locator('.u-over').first().waitFor();
    return page;
  };

  test("the overview has each model's first metric, and says whether a change is for the better", async () => {
    const page = await dashboard.open('#/?sort=value&order=desc');
    const row = (model: string) => page.locator('table.models tbody tr', { hasText: model });
    await row(errors).waitFor();
    expect(await row(errors).innerText()).toMatch(/0\.5\s+mean_absolute_error/);
    const change = row(errors).locator('.change');
    expect(await change.getAttribute('class')).toContain('worse');
    expect(await change.innerText()).toMatch(/▲\s*\+0\.25\s+worse/);
    expect(await row(animals).innerText()).toContain('f1_macro');
    expect(await row(animals).locator('.change').innerText()).toMatch(/▼\s*−[\d.]+ pp\s+worse/);
    expect(await row(unlabelled).innerText()).toContain('No labels yet');
    const texts = await page.locator('td.metric .strong').allTextContents();
    const values = texts.flatMap((text) =>
      text === '–' ? [] : Number.parseFloat(text) / (/%/.test(text) ? 100 : 1),
    );
    expect(values.length).toBeGreaterThanOrEqual(3);
    expect(values).toEqual([...values].sort((a, b) => b - a));
  });

  test('the chart shows a metric of one’s choice, which is in the address', async () => {
    const page = await open(animals);
    const choice = page.getByLabel('Metric', { exact: true });
    expect(await choice.inputValue()).toBe('f1_macro');
    expect(await choice.locator('option').allTextContents()).toEqual([
      'f1_macro',
      'accuracy',
      'roc_auc_ovr',
      'fbeta_macro_2',
    ]);
    await page.locator('.plots').focus();
    await page.keyboard.press('End');
    await readout(page, /% \(95 % interval .* to .*\) · baseline .* · −.* pp against the reference/);
    await choice.selectOption('accuracy');
    expect(page.url()).toContain('?metric=accuracy');
    await page.locator('table.runs th', { hasText: 'accuracy' }).waitFor();
    await page.reload();
    await page.locator('.u-over').first().waitFor();
    expect(await choice.inputValue()).toBe('accuracy');
    await page.getByRole('link', { name: 'fbeta_macro_2' }).click();
    await page.locator('table.runs th', { hasText: 'fbeta_macro_2' }).waitFor();
    await page.goBack();
    await page.locator('table.runs th', { hasText: 'accuracy' }).waitFor();
  });

  test('the legend names the interval, the baseline and the reference', async () => {
    const page = await open(animals);
    expect(await page.locator('.legend').innerText()).toBe('OK\n95 % interval\nBaseline\nReference');
  });

  test('an undefined metric has its reason, in the chart too', async () => {
    const page = await open(animals, '?metric=roc_auc_ovr');
    await page.locator('table.plain', { hasText: 'the sample row has no y_score' }).waitFor();
    await page.locator('.plots').focus();
    await page.keyboard.press('End');
    await readout(page, 'Undefined: the sample row has no y_score');
  });

  test('the newest run in figures: interval, best constant, reference, what has no label, hints', async () => {
    const page = await open(animals);
    const facts = await page.locator('.facts').innerText();
    expect(facts).toMatch(/f1_macro\n[\d.]+ %\n95\s% interval [\d.]+ to [\d.]+\s%\nthe best constant has/);
    expect(facts).toMatch(/Against the reference\n−[\d.]+ pp\nintervals do not overlap/);
    expect(facts).toMatch(/\d+ more have no label yet/);
    expect(facts).toMatch(/Worth a look\n\d+ samples are few: f1_macro may well lie anywhere between/);
  });

  test('a run whose samples have no label yet says so', async () => {
    const page = await open(unlabelled);
    await page.locator('.title .status', { hasText: 'No labels yet' }).waitFor();
    expect(await page.locator('.facts').innerText()).toContain(
      'What is missing\nnone of the 2 samples has a label yet',
    );
    expect(await page.locator('.report').isVisible()).toBe(false);
  });

  test('a reference is set and removed', async () => {
    const page = await open(errors);
    await page.getByRole('button', { name: 'Set as reference' }).click();
    await page.locator('.facts', { hasText: 'Against the reference' }).waitFor();
    await page.getByRole('button', { name: 'Remove reference' }).click();
    await page.getByRole('button', { name: 'Set as reference' }).waitFor();
    expect(await page.locator('.facts').innerText()).not.toContain('reference');
  });

  test('each class is in a table, and which is taken for which in a grid that a keyboard walks', async () => {
    const page = await open(animals);
    const grid = page.getByRole('grid', { name: 'Which class is taken for which' });
    await grid.waitFor();
    expect(await page.locator('.classes-box tbody tr').count()).toBe(3);
    expect(await page.locator('.classes-box tbody th').last().innerText()).toBe('golden retriever');
    expect(await grid.locator('td[tabindex]').count()).toBe(1);
    await grid.locator('td[tabindex]').focus();
    const at = () => page.evaluate<string>("document.activeElement.getAttribute('aria-label')");
    expect(await at()).toMatch(/^true cat, predicted cat: \d+, [\d.]+ % of \d+$/);
    const walk: [string, RegExp][] = [
      ['ArrowUp', /true cat, predicted cat/],
      ['ArrowRight', /true cat, predicted dog/],
      ['ArrowDown', /true dog, predicted dog/],
      ['End', /true dog, predicted golden retriever/],
      ['Control+Home', /true cat, predicted cat/],
      ['PageDown', /true golden retriever, predicted cat/],
      ['Control+End', /true golden retriever, predicted golden retriever/],
    ];
    for (const [key, words] of walk) {
      await page.keyboard.press(key);
      expect(await at()).toMatch(words);
    }
    expect(await page.locator('.report .readout').innerText()).toBe(await at());
    expect(await grid.locator('td[tabindex]').count()).toBe(1);
  });

  test('of two hundred classes all are there, and the cell with the focus is in sight', async () => {
    const page = await open(wide);
    const grid = page.getByRole('grid');
    await grid.waitFor();
    expect(await grid.locator('td').count()).toBe(40_000);
    await grid.locator('td[tabindex]').focus();
    await page.keyboard.press('Control+End');
    const seen = await page.evaluate<boolean>(`(() => {
      const cell = document.activeElement.getBoundingClientRect();
      const box = document.querySelector('.matrix-box').getBoundingClientRect();
      return cell.right <= box.right && cell.bottom <= box.bottom && cell.left > box.left;
    })()`);
    expect(seen).toBe(true);
  });

  test('metrics are chosen in the form, and what does not fit has the words of the API', async () => {
    const page = await open(errors);
    const form = page.locator('.schedule-form');
    await form.getByLabel('Task').selectOption('classification');
    await form.getByRole('button', { name: 'Save schedule' }).click();
    await form.locator('.field-error', { hasText: 'mean_absolute_error is for regression' }).waitFor();
    await form.getByLabel('Metrics').fill('f1, fbeta(beta=0.5), accuracy');
    await form.getByLabel('Positive class').fill('"1"');
    await form.getByRole('button', { name: 'Save schedule' }).click();
    await page.locator('#notes .note', { hasText: 'Saved.' }).waitFor();
    const { rows } = await dashboard.db.query(
      'SELECT task, metrics, pos_label FROM metrics_executions WHERE model_id = $1',
      [errors],
    );
    expect(rows).toEqual([
      {
        task: 'classification',
        metrics: ['f1', { name: 'fbeta', beta: 0.5 }, 'accuracy'],
        pos_label: '1',
      },
    ]);
    await page.reload();
    expect(await form.getByLabel('Metrics').inputValue()).toBe('f1, fbeta(beta=0.5), accuracy');
    expect(await form.getByLabel('Positive class').inputValue()).toBe('"1"');
  });

  test.each(['007', '-01', '"\\q"', '1e5x'])(
    'a positive class that only looks like JSON is a text: %s',
    async (label) => {
      const page = await open(animals);
      const form = page.locator('.schedule-form');
      await form.getByLabel('Positive class').fill(label);
      await form.getByRole('button', { name: 'Save schedule' }).click();
      await page.locator('#notes .note', { hasText: 'Saved.' }).waitFor();
      const { rows } = await dashboard.db.query(
        'SELECT pos_label FROM metrics_executions WHERE model_id = $1',
        [animals],
      );
      expect(rows).toEqual([{ pos_label: label }]);
      await page.reload();
      await page.locator('.u-over').first().waitFor();
      expect(await form.getByLabel('Positive class').inputValue()).toBe(label);
    },
  );
});
