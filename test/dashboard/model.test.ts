import type { Page } from 'playwright-core';
import { type Dashboard, inChromium, openDashboard } from './browser';
import { fleetModel } from './fleet';

const sampled = '550e8400-e29b-41d4-a716-446655440000';

inChromium('a model', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await openDashboard({ models: 50, runsEach: 130 });
  });
  afterAll(() => dashboard.close());
  afterEach(async () => {
    for (const context of dashboard.browser.contexts()) await context.close();
    expect(dashboard.complaints).toEqual([]);
  });

  const note = (page: Page, text: string | RegExp) =>
    page.locator('#notes .note', { hasText: text }).waitFor();
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const stored = async (model: string) => {
    const { rows } = await dashboard.db.query('SELECT * FROM metrics_executions WHERE model_id = $1', [
      model,
    ]);
    return rows[0];
  };

  test('its newest run in figures, its runs with errors in full, and older ones when asked for', async () => {
    const page = await dashboard.open(`#/models/${fleetModel(0)}`);
    await page.locator('.title .status', { hasText: 'Invalid data' }).waitFor();
    expect(await page.locator('.error-box').innerText()).toMatch(
      /y_pred has \d+ values where y_true has \d+/,
    );
    const rows = page.locator('table.runs tbody tr');
    expect(await rows.count()).toBe(25);
    expect(await rows.first().innerText()).toMatch(/y_pred has \d+ values where y_true has \d+/);
    expect(await rows.nth(1).innerText()).toMatch(/\d\d\.\d\d %/);
    await button(page, 'Show older runs').click();
    await rows.nth(124).waitFor();
    await button(page, 'Show older runs').click();
    await rows.nth(130).waitFor();
    expect(await button(page, 'Show older runs').isVisible()).toBe(false);
  });

  test('the chart is read with the arrow keys, and its zoom has buttons', async () => {
    const page = await dashboard.open(`#/models/${fleetModel(8)}`);
    await page.locator('.u-over').first().waitFor();
    await page.locator('.plots').focus();
    await page.keyboard.press('End');
    await page.locator('.readout', { hasText: /\d\d\.\d\d % · data from .* old/ }).waitFor();
    const last = await page.locator('.readout').innerText();
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.readout').innerText()).not.toBe(last);
    const image = () => page.evaluate<string>("document.querySelector('canvas').toDataURL()");
    const whole = await image();
    await button(page, 'Zoom in').click();
    await page.waitForTimeout(100);
    expect(await image()).not.toBe(whole);
    await button(page, 'Show all').click();
    await page.waitForTimeout(100);
    expect(await image()).toBe(whole);
  });

  test('due times without a run are told, and break the line', async () => {
    const page = await dashboard.open(`#/models/${fleetModel(1)}`);
    await page.getByText(/^\d+ due times have no run, the newest/).waitFor();
    await page.locator('.plots').focus();
    await page.keyboard.press('End');
    await page.locator('.readout', { hasText: 'Missed: no run' }).waitFor();
  });

  test('added by keyboard with a live preview; bad input has the words of the API beside it', async () => {
    const page = await dashboard.open();
    await button(page, 'Add a schedule').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Every 5 minutes').waitFor();
    expect(await dialog.locator('.due li').count()).toBe(5);
    await page.keyboard.type('not a model');
    await page.keyboard.press('Tab');
    await page.keyboard.type('61 * * * *');
    await dialog.locator('.field-error', { hasText: 'Cron expression' }).waitFor();
    expect(await dialog.getByLabel('Cron expression').getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Enter');
    await dialog.locator('.field-error', { hasText: 'Model id must be a UUID' }).waitFor();
    expect(
      await dialog.getByLabel('Model id').evaluate((input) => input === input.ownerDocument.activeElement),
    ).toBe(true);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(fleetModel(8));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('0 9 * * MON-FRI');
    await dialog.getByText('At 09:00 on Monday to Friday').waitFor();
    await page.keyboard.press('Enter');
    await dialog.locator('.field-error', { hasText: 'has a schedule already' }).waitFor();
    await dialog.getByLabel('Model id').fill(sampled);
    await dialog.getByLabel('Time zone').fill('Europe/Berlin');
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: sampled }).waitFor();
    await page.locator('.title .status', { hasText: 'Pending' }).waitFor();
    expect(await stored(sampled)).toMatchObject({
      cron_expression: '0 9 * * MON-FRI',
      timezone: 'Europe/Berlin',
      enabled: true,
    });
  });

  test('run now, change, pause, resume, and delete after a question', async () => {
    const page = await dashboard.open(`#/models/${sampled}`);
    await button(page, 'Run now').click();
    await note(page, 'Ran: accuracy 94.64 %');
    await page.locator('.big', { hasText: '94.64 %' }).waitFor();
    await page.locator('table.runs td', { hasText: 'Hand' }).waitFor();
    await page.getByLabel('Cron expression').fill('30 6 * * *');
    await page.locator('.preview', { hasText: 'At 06:30' }).waitFor();
    await button(page, 'Save schedule').click();
    await note(page, 'Saved.');
    await page.locator('.schedule .now', { hasText: 'At 06:30' }).waitFor();
    await button(page, 'Pause').click();
    await page.locator('.title .status', { hasText: 'Paused' }).waitFor();
    expect(await stored(sampled)).toMatchObject({ cron_expression: '30 6 * * *', enabled: false });
    await button(page, 'Resume').click();
    await page.locator('.title .status', { hasText: 'OK' }).waitFor();
    await button(page, 'Delete…').click();
    const question = page.getByRole('alertdialog');
    await page.keyboard.press('Escape');
    expect(await stored(sampled)).toBeDefined();
    await button(page, 'Delete…').click();
    await question.getByRole('button', { name: 'Delete schedule' }).click();
    await note(page, 'Deleted.');
    await page.locator('h1', { hasText: 'Models' }).waitFor();
    expect(await stored(sampled)).toBeUndefined();
  });

  test('a model without a schedule still shows its runs, and takes a schedule', async () => {
    const page = await dashboard.open(`#/models/${sampled}`);
    await page.getByText('This model has no schedule.').waitFor();
    expect(await page.locator('table.runs tbody tr').count()).toBe(1);
    await button(page, 'Add schedule').click();
    await button(page, 'Pause').waitFor();
  });

  test.each([['00000000-0000-4000-8000-00000000ffff', 'has no schedule and no result']])(
    'model %s: %s',
    async (model, words) => {
      const page = await dashboard.open(`#/models/${model}`);
      await page.locator('.empty', { hasText: words }).waitFor();
    },
  );

  test('a token that may only read shows all, and a change is refused in the words of the API', async () => {
    const page = await dashboard.open(`#/models/${fleetModel(8)}`, { token: 'reader' });
    await button(page, 'Pause').click();
    await note(page, 'this token may only read');
    expect(await stored(fleetModel(8))).toMatchObject({ enabled: true });
  });

  test('a token is asked for once, checked, and kept for the tab only', async () => {
    const page = await dashboard.open('', { token: null });
    const dialog = page.getByRole('dialog', { name: 'This service asks for a token' });
    await page.locator('#token-input').fill('wrong');
    await page.keyboard.press('Enter');
    await dialog.getByText('The service does not know this token.').waitFor();
    await page.locator('#token-input').fill('reader');
    await page.keyboard.press('Enter');
    await page.locator('table.models tbody tr').first().waitFor();
    expect(await page.evaluate('[sessionStorage.token, localStorage.length, document.cookie]')).toEqual([
      'reader',
      0,
      '',
    ]);
    await page.reload();
    await page.locator('table.models tbody tr').first().waitFor();
    await button(page, 'Forget token').click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.empty', { hasText: 'asks for a token' }).waitFor();
    await button(page, 'Enter token').click();
    await dialog.waitFor();
  });
});
