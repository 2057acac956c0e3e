import type { Page } from 'playwright-core';
import { type Dashboard, inChromium, openDashboard } from './browser';
import { addScored, batchOf, putRule } from './scored';

const scored = '00000001-4c1d-4e0a-9b7f-000000000000';
const long = '00000002-4c1d-4e0a-9b7f-000000000000';
const hours = 2000;

/** A run every hour, the newest half an hour ago; one of them, long ago, found much less. */
const addHours = (dashboard: Dashboard) =>
  dashboard.db.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, data_timestamp, started_at, finished_at)
      SELECT $1, at, 'schedule', 'ok', CASE n WHEN 1500 THEN 0.125 ELSE 0.9 END, 8, at, at, at
      FROM (SELECT n, date_trunc('minute', now()) - interval '30 minutes' - n * interval '1 hour' AS at FROM generate_series(0, ${hours - 1}) AS n) AS made`,
    [long],
  );

inChromium('the chart', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await openDashboard({ models: 1, runsEach: 3 });
    const labels = ['cat', 'dog', 'bird'];
    const batches = [0.95, 0.9, 0.5].map((right, at) => batchOf(labels, 200, right, at));
    await addScored(dashboard, scored, { metrics: ['accuracy', 'f1_macro'] }, batches);
    await addHours(dashboard);
  });
  afterAll(() => dashboard.close());
  afterEach(async () => {
    for (const context of dashboard.browser.contexts()) await context.close();
    expect(dashboard.complaints).toEqual([]);
  });

  const open = async (model: string, search = '') => {
    const page = await dashboard.open(`#/models/${model}${search}`);
    await page.locator('.u-over').first().waitFor();
    return page;
  };
  const legend = (page: Page) => page.locator('.legend').innerText();
  const read = async (page: Page, key: string) => {
    await page.locator('.plots').focus();
    await page.keyboard.press(key);
    return page.locator('.chart .readout').innerText();
  };
  /** How many pixels of the upper plot have about the colour of a variable of the page. */
  const pixels = (page: Page, variable: string) =>
    page.evaluate<number>(`new Promise((done) => requestAnimationFrame(() => {
      const canvas = document.querySelector('.plots canvas');
      const context = canvas.getContext('2d');
      const hex = getComputedStyle(document.documentElement).getPropertyValue('${variable}').trim();
      const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4)
        if (data[at + 3] > 200 && wanted.every((value, part) => Math.abs(data[at + part] - value) < 12)) count++;
      done(count);
    }))`);

  test('has a line for the threshold of each rule about its metric, and a mark where an alert fired', async () => {
    const bare = await open(scored);
    expect(await pixels(bare, '--invalid_data')).toBe(0);
    await putRule(dashboard, scored, 'low', { metric: 'accuracy', below: 0.8, severity: 'critical' });
    await putRule(dashboard, scored, 'drop', { metric: 'accuracy', below: 'mean', last: 2, by: 0.5 });
    await putRule(dashboard, scored, 'other', { metric: 'f1_macro', below: 0.1 });
    await putRule(dashboard, scored, 'off', { metric: 'accuracy', below: 0.8, enabled: false });
    const page = await open(scored);
    expect((await legend(page)).split('\n')).toEqual([
      'OK',
      '95 % interval',
      'Baseline',
      'Threshold of drop',
      'Threshold of low',
      'Alert fired',
    ]);
    expect(await pixels(page, '--invalid_data')).toBeGreaterThan(100);
    expect(await read(page, 'End')).toMatch(/· low fired$/);
    expect(await read(page, 'ArrowLeft')).not.toContain('low');
    await page.getByLabel('Metric', { exact: true }).selectOption('f1_macro');
    expect(await legend(page)).not.toMatch(/Alert|of low/);
  });

  test('says where an alert ended, too', async () => {
    await dashboard.db.query(
      `INSERT INTO alert_notifications (alert_id, transition, model_id, rule, kind, severity, at, facts)
        SELECT id, 2, model_id, rule, 'resolved', severity, clock_timestamp(), facts FROM alerts
        WHERE model_id = $1 AND rule = 'low'`,
      [scored],
    );
    expect(await read(await open(scored), 'End')).toMatch(/· low fired and ended$/);
  });

  test('shows the time of one’s choice, which is in the address, and fetches what it needs', async () => {
    const page = await open(long);
    const time = page.getByLabel('Time', { exact: true });
    const first = async () => (await read(page, 'Home')).replace(/ · .*/, '');
    const hoursAgo = async () => {
      const shown = `Date.now() - Date.parse((${JSON.stringify(await first())}).replace(/^\\w+, /, ''))`;
      return Math.floor((await page.evaluate<number>(shown)) / 3_600_000);
    };
    expect(await hoursAgo()).toBe(99);
    await time.selectOption('24h');
    expect(await hoursAgo()).toBe(23);
    expect(page.url()).toContain('?range=24h');
    await time.selectOption('30d');
    await page.locator('.soft', { hasText: 'Loading' }).waitFor({ state: 'detached' });
    expect(await hoursAgo()).toBe(719);
    await time.selectOption('all');
    await page.reload();
    await page.locator('.u-over').first().waitFor();
    expect(await time.inputValue()).toBe('all');
    await page.locator('.soft', { hasText: 'Loading' }).waitFor({ state: 'detached' });
    expect(await hoursAgo()).toBe(hours - 1);
  });

  test('of more runs than it has room for, the one that stands out is drawn', async () => {
    const page = await open(long, '?range=all');
    await page.locator('.soft', { hasText: 'Loading' }).waitFor({ state: 'detached' });
    const below = await page.evaluate<number>(`new Promise((done) => requestAnimationFrame(() => {
      const canvas = document.querySelector('.plots canvas');
      const { data } = canvas.getContext('2d').getImageData(0, canvas.height * 0.6, canvas.width, canvas.height * 0.1);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 200 && data[at] < 60 && data[at + 2] > 150) count++;
      done(count);
    }))`);
    expect(below).toBeGreaterThan(10);
  });

  test('its runs are downloaded as CSV, of the time that is chosen, by one who has a token', async () => {
    const page = await open(long, '?range=30d');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`history-${long}.csv`);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString().trimEnd().split('\r\n');
    expect(lines[0]).toContain('scheduled_time');
    expect(lines.filter((line) => line.includes('scheduled_time'))).toHaveLength(1);
    expect(lines).toHaveLength(721);
    expect(new Set(lines).size).toBe(721);
  });
});
