import type { Page } from 'playwright-core';
import { type Dashboard, inChromium, openDashboard } from './browser';
import { addScored, batchOf, putRule } from './scored';

const scored = '00000001-4c1d-4e0a-9b7f-000000000000';
const rights = [0.95, 0.5, 0.95, 0.5, 0.95];

inChromium('rules on the page', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await openDashboard({ models: 1, runsEach: 3 });
    const batches = rights.map((right, at) => batchOf(['cat', 'dog', 'bird'], 200, right, at));
    await addScored(dashboard, scored, { name: 'Animals', metrics: ['accuracy', 'f1_macro'] }, batches);
  });
  afterAll(() => dashboard.close());
  afterEach(async () => {
    for (const context of dashboard.browser.contexts()) await context.close();
    expect(dashboard.complaints).toEqual([]);
    await dashboard.db.query('DELETE FROM alert_rules; DELETE FROM alerts');
  });

  const rules = (page: Page) => page.getByRole('region', { name: 'Alerts' });
  const stored = async (name: string) => {
    const found = await dashboard.db.query('SELECT rule FROM alert_rules WHERE model_id = $1 AND name = $2', [
      scored,
      name,
    ]);
    return found.rows[0]?.rule;
  };
  const openForm = async (button: string, token = 'writer') => {
    const page = await dashboard.open(`#/models/${scored}`, { token });
    await rules(page).getByRole('button', { name: button, exact: true }).click();
    return { page, form: page.getByRole('dialog') };
  };

  test('as one types a rule, the page says how often it would have fired', async () => {
    const { form } = await openForm('Add a rule');
    await form.getByText('With a threshold, this says how often').waitFor();
    await form.getByLabel('Threshold').fill('0.7');
    await form.getByText('Would have fired 2 times in 30 days, the last time').waitFor();
    await form.getByLabel('Tried over').selectOption('365');
    await form.getByText('Would have fired 2 times in 365 days').waitFor();
    await form.getByLabel('Threshold').fill('0.1');
    await form.getByText('Would not have fired in 365 days.').waitFor();
    await form.getByLabel('Fires when it').selectOption('above');
    await form.getByText(/^Would have fired once in 365 days, .* and would still be firing\.$/).waitFor();
    expect(await stored('new')).toBeUndefined();
  });

  test('a rule is added, changed, and deleted after a question', async () => {
    const { page, form } = await openForm('Add a rule');
    await form.getByLabel('Name').fill('f1-low');
    await form.getByLabel('Metric').selectOption('f1_macro');
    await form.getByLabel('Threshold').fill('0.8');
    await form.getByLabel('Severity').selectOption('critical');
    await form.getByText('More').click();
    await form.getByLabel('Of the last').fill('3');
    await form.getByLabel('In at least').fill('2');
    await form.getByLabel('Over at').fill('0.85');
    await form.getByLabel('Fewest samples').fill('100');
    await form.getByLabel('A run without it').selectOption('ok');
    await form.getByLabel('Only if the whole').check();
    await page.keyboard.press('Enter');
    const row = rules(page).locator('tr', { hasText: 'f1-low' });
    await row.getByText('f1_macro below 0.8, the whole interval, in 2 of 3 runs').waitFor();
    const rule = {
      metric: 'f1_macro',
      below: 0.8,
      clear: 0.85,
      for: { of: 3, at_least: 2 },
      sure: true,
      min_samples: 100,
      no_data: 'ok',
      severity: 'critical',
      enabled: true,
    };
    expect(await stored('f1-low')).toEqual(rule);
    await row.getByRole('button', { name: 'Change f1-low' }).click();
    expect(await form.getByLabel('Threshold').inputValue()).toBe('0.8');
    await form.getByLabel('Against').selectOption('mean');
    await form.getByLabel('By', { exact: true }).fill('0.1');
    await form.getByLabel('Runs').fill('5');
    await form.getByText('More').click();
    expect(await form.getByLabel('Over at').inputValue()).toBe('0.85');
    await form.getByLabel('Over at').fill('');
    await form.getByRole('button', { name: 'Save rule' }).click();
    await row.getByText('f1_macro below the mean of 5 runs by 0.1').waitFor();
    const { clear: _, ...kept } = rule;
    expect(await stored('f1-low')).toEqual({ ...kept, below: 'mean', by: 0.1, last: 5 });
    await row.getByRole('button', { name: 'Delete f1-low' }).click();
    await page.keyboard.press('Escape');
    expect(await stored('f1-low')).toBeDefined();
    await row.getByRole('button', { name: 'Delete f1-low' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete rule' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await stored('f1-low')).toBeUndefined();
  });

  test('what is wrong stands beside its field in the words of the API, also while one types', async () => {
    const { page, form } = await openForm('Add a rule');
    const error = (text: string) => form.locator('.field-error', { hasText: text }).waitFor();
    await form.getByLabel('Threshold').fill('0,8');
    await error('Threshold must be a number');
    await form.getByLabel('Threshold').fill('0.8');
    await form.getByLabel('Name').fill('Accuracy low');
    await error('Name must be 1 to 50 of a-z');
    await form.getByLabel('Name').fill('accuracy-low');
    await form.getByText('More').click();
    await form.getByLabel('Over at').fill('0.7');
    await error('Over at must be at least 0.8, or it is over before it fires');
    await form.getByText('More').click();
    await form.getByRole('button', { name: 'Add rule' }).click();
    await page.locator('[name=clear]:focus').waitFor();
    await form.getByLabel('Over at').fill('');
    await form.getByLabel('In at least').fill('4');
    await error('In at least must be at most 1, the runs that are looked at');
    await form.getByLabel('In at least').fill('1');
    await form.getByLabel('Name').fill('missed');
    await form.getByRole('button', { name: 'Add rule' }).click();
    await error('Name is one that the model has');
    expect(await stored('missed')).toBeUndefined();
  });

  test('a rule about a segment that the schedule has is of one of its values', async () => {
    const windowed = '00000002-4c1d-4e0a-9b7f-000000000000';
    await dashboard.db.query(
      `INSERT INTO metrics_executions (model_id, cron_expression, data, segments)
        VALUES ($1, '0 0 1 1 *', '{"window": "P1D", "delay": "PT0S"}', '{country,device}')`,
      [windowed],
    );
    const page = await dashboard.open(`#/models/${windowed}`);
    await rules(page).getByRole('button', { name: 'Add a rule' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('german');
    await form.getByLabel('Threshold').fill('0.7');
    await form.getByText('More').click();
    expect(await form.getByLabel('Which one').isVisible()).toBe(false);
    await form.getByLabel('Samples', { exact: true }).selectOption('country');
    await form.getByLabel('Which one').fill('DE');
    await form.getByRole('button', { name: 'Add rule' }).click();
    await rules(page).getByText('accuracy where country is DE below 0.7').waitFor();
  });

  test('a rule that every model has is switched off, and in force again once that is deleted', async () => {
    const { page, form } = await openForm('Change missed');
    expect(await form.getByLabel('Threshold').count()).toBe(0);
    await form.getByLabel('Switched on').uncheck();
    await form.getByRole('button', { name: 'Save rule' }).click();
    const row = rules(page).locator('tr', { hasText: 'missed' });
    await row.getByText('Off').waitFor();
    expect(await stored('missed')).toMatchObject({ enabled: false });
    await row.getByRole('button', { name: 'Delete missed' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete rule' }).click();
    await row.getByText('of every model').waitFor();
  });

  test('a token that may only read is told so, and changes nothing', async () => {
    await putRule(dashboard, scored, 'accuracy-low', { metric: 'accuracy', below: 0.7 });
    const { form } = await openForm('Change accuracy-low', 'reader');
    await form.getByLabel('Threshold').fill('0.1');
    await form.getByRole('button', { name: 'Save rule' }).click();
    await form.locator('.field-error', { hasText: 'this token may only read' }).waitFor();
    expect(await stored('accuracy-low')).toMatchObject({ below: 0.7 });
  });
});
