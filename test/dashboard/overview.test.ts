import type { Page } from 'playwright-core';
import { type Dashboard, inChromium, openDashboard } from './browser';
import { fleetModel } from './fleet';

inChromium('the overview', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await openDashboard({ models: 120, runsEach: 40 });
  });
  afterAll(() => dashboard.close());
  afterEach(async () => {
    for (const context of dashboard.browser.contexts()) await context.close();
    expect(dashboard.complaints).toEqual([]);
  });

  const rows = (page: Page) => page.locator('table.models tbody tr');
  const ids = (page: Page) => rows(page).locator('th').allTextContents();
  const summary = (page: Page, text: string) => page.locator('.summary', { hasText: text }).waitFor();
  const send = async (path: string, body?: object) => {
    const headers = { authorization: 'Bearer writer', 'content-type': 'application/json' };
    const sent = { method: 'POST', headers, ...(body && { body: JSON.stringify(body) }) };
    expect((await fetch(`${dashboard.url}${path}`, sent)).ok).toBe(true);
  };
  const runWith = async (model: string, y_true: number[], y_pred: number[]) => {
    await send(`/predictions/${model}`, { y_true, y_pred });
    await send(`/schedule/${model}/run`);
  };

  test('a row tells status, accuracy, change, last runs, both times and the schedule in words', async () => {
    const page = await dashboard.open(`#/?q=${fleetModel(8)}`);
    await summary(page, '1–1 of 1');
    const row = rows(page).first();
    const text = await row.innerText();
    expect(text).toContain('OK');
    expect(text).toMatch(/\d\d\.\d\d %/);
    expect(text).toMatch(/[+−±]\d\.\d\d/);
    expect(text).toMatch(/(min|h|d) ago/);
    expect(text).toMatch(/in \d+ (min|h|d)/);
    expect(text).toMatch(/Every hour, at \d+ past the hour|(At|at) \d\d:\d\d/);
    expect(await row.locator('svg[role=img]').getAttribute('aria-label')).toMatch(/^Last 30 runs: lowest/);
    const title = await row.locator('time').last().getAttribute('title');
    expect(title).toMatch(/\(UTC\)\n.*\(Europe\/Berlin, here\)$/);
  });

  test('what needs looking at comes first, each status with its count, its word and a shape', async () => {
    const page = await dashboard.open('', { clock: true });
    await summary(page, '1–50 of 120');
    const shown = (await rows(page).locator('.status').allTextContents()).filter(
      (word, at, all) => word !== all[at - 1],
    );
    expect(shown).toEqual(['Invalid data', 'Stale', 'No data', 'Pending', 'OK']);
    expect(await page.locator('.filters button').allTextContents()).toEqual([
      'All120',
      'Invalid data6',
      'Stale6',
      'No labels yet0',
      'No data3',
      'Pending3',
      'OK96',
      'Paused6',
    ]);
    const shapes = await page
      .locator('.filters path')
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));
    expect(new Set(shapes).size).toBe(7);
  });

  test('filter, search and sort work over all models, and are in the address', async () => {
    const page = await dashboard.open();
    await page.getByRole('button', { name: /^Stale/ }).click();
    await summary(page, '1–6 of 6');
    expect(page.url()).toContain('status=stale');
    await page.getByRole('button', { name: /^All/ }).click();
    await page.getByLabel('Search by name or model id').fill(fleetModel(77).slice(0, 8).toUpperCase());
    await summary(page, '1–1 of 1');
    expect(await ids(page)).toEqual([fleetModel(77)]);
    await page.getByLabel('Search by name or model id').fill('');
    await summary(page, '1–50 of 120');
    await page.getByRole('button', { name: 'Model', exact: true }).click();
    await page.locator('th[aria-sort]', { hasText: 'Model' }).waitFor();
    const sorted = Array.from({ length: 120 }, (_, n) => fleetModel(n)).sort();
    await rows(page)
      .nth(1)
      .locator('th', { hasText: sorted[1] as string })
      .waitFor();
    expect(await ids(page)).toEqual(sorted.slice(0, 50));
    await page.goBack();
    await page.locator('th[aria-sort]', { hasText: 'Status' }).waitFor();
  });

  test('a search that is too long is refused in the words of the API', async () => {
    const page = await dashboard.open(`#/?q=${'x'.repeat(101)}`);
    await summary(page, 'must be at most 100 characters long');
    expect(await page.getByLabel('Search by name or model id').getAttribute('aria-invalid')).toBe('true');
  });

  test('paging shows every model once', async () => {
    const page = await dashboard.open('#/?sort=model_id');
    await summary(page, '1–50 of 120');
    const seen = await ids(page);
    for (const text of ['51–100 of 120', '101–120 of 120']) {
      await page.getByRole('button', { name: 'Next', exact: true }).click();
      await summary(page, text);
      seen.push(...(await ids(page)));
    }
    expect(new Set(seen).size).toBe(120);
    expect(await page.getByRole('button', { name: 'Next', exact: true }).getAttribute('aria-disabled')).toBe(
      'true',
    );
  });

  test('a new result appears without a reload, by one request for all; an unchanged page is a 304', async () => {
    const page = await dashboard.open(`#/?q=${fleetModel(9)}`, { clock: true });
    await summary(page, '1–1 of 1');
    const answers: string[] = [];
    page.on('response', (answer) => answers.push(`${answer.status()} ${new URL(answer.url()).pathname}`));
    await Promise.all([page.waitForResponse((answer) => answer.status() === 304), page.clock.runFor(5100)]);
    await runWith(fleetModel(9), [1, 1, 1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0, 0, 0]);
    await page.clock.runFor(5100);
    await page.locator('td', { hasText: '12.50 %' }).waitFor();
    expect(answers).toEqual(['304 /overview', '200 /overview']);
  });

  test('a hidden tab asks for nothing, and asks at once when it is shown', async () => {
    const page = await dashboard.open('', { clock: true });
    await summary(page, '1–50 of 120');
    const show = (hidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} });
        document.dispatchEvent(new Event('visibilitychange'));`);
    let requests = 0;
    await show(true);
    page.on('request', () => requests++);
    await page.clock.runFor(60_000);
    expect(requests).toBe(0);
    await Promise.all([page.waitForResponse(/overview/), show(false)]);
  });

  test.each(['#/models/x', '#/models/', '#/models/../../evil', '#/models/%3Cb%3E', '#nothing'])(
    'an address with %s is that of the overview',
    async (hash) => {
      const page = await dashboard.open(hash);
      await page.locator('tbody tr').first().waitFor();
      expect(await page.title()).toBe('Cyclic Metrics');
    },
  );

  test('a time zone that the browser does not know is shown as UTC', async () => {
    const page = await dashboard.open('', { unknownZones: true });
    await page.locator('tbody tr').first().waitFor();
    const titles = await page.locator('tbody time').evaluateAll((all) => all.map((time) => time.title));
    expect(titles).toContainEqual(expect.stringMatching(/^[^\n(]* UTC\n.*\(Europe\/Berlin, here\)$/));
    await page.locator('#live.on').waitFor();
  });

  test('while the API is away the page says since when and why, and goes on by itself', async () => {
    const page = await dashboard.open('', { clock: true });
    await summary(page, '1–50 of 120');
    await page.route('**/overview?**', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: '{"status":503,"detail":"PostgreSQL is not available, try again soon"}',
      }),
    );
    const told = page.locator('#live', { hasText: /Not live since .*PostgreSQL is not available/ });
    await page.clock.runFor(5100);
    await told.waitFor();
    expect(await rows(page).count()).toBe(50);
    await page.unroute('**/overview?**');
    await page.clock.runFor(5100);
    await page.locator('#live', { hasText: /^Live$/ }).waitFor();
  });
});
