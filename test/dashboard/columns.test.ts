import type { Page } from 'playwright-core';
import { type Dashboard, inChromium, openDashboard } from './browser';
import { fleetModel } from './fleet';

inChromium('the columns of the overview', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await openDashboard({ models: 120, runsEach: 3 });
  });
  afterAll(() => dashboard.close());
  afterEach(async () => {
    for (const context of dashboard.browser.contexts()) await context.close();
    expect(dashboard.complaints).toEqual([]);
  });

  const visible = (page: Page, cells: string) =>
    page
      .locator(cells)
      .evaluateAll((all) =>
        all.filter((cell) => cell.checkVisibility()).map((cell) => cell.getAttribute('data-label')),
      );
  const usual = ['Model', 'Status', 'Metric', 'Change', 'Last 30 runs', 'Last run', 'Next run', 'Schedule'];
  const open = async (options = {}) => {
    const page = await dashboard.open('', options);
    await page.locator('tbody tr').first().waitFor();
    return page;
  };

  test('are chosen by the user, in wide and in narrow windows, and kept', async () => {
    const page = await open();
    expect(await visible(page, 'thead th')).toEqual(usual);
    await page.getByText('Columns').click();
    await page.getByRole('checkbox', { name: 'Change' }).uncheck();
    await page.getByRole('checkbox', { name: 'Data from' }).check();
    const chosen = [
      'Model',
      'Status',
      'Metric',
      'Last 30 runs',
      'Data from',
      'Last run',
      'Next run',
      'Schedule',
    ];
    expect(await visible(page, 'thead th')).toEqual(chosen);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('checkbox', { name: 'Change' }).isVisible()).toBe(false);
    await page.reload();
    await page.locator('tbody tr').first().waitFor();
    expect(await visible(page, 'thead th')).toEqual(chosen);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await visible(page, 'tbody tr:first-child td')).toEqual(chosen.slice(1));
    await page.getByText('Columns').click();
    await page.getByRole('checkbox', { name: 'Change' }).check();
    await page.getByRole('checkbox', { name: 'Data from' }).uncheck();
    expect(await page.evaluate('localStorage.length')).toBe(0);
  });

  test('what was kept and cannot be read is forgotten', async () => {
    const page = await open();
    await page.evaluate("localStorage.setItem('columns', '{')");
    await page.reload();
    await page.locator('tbody tr').first().waitFor();
    expect(await visible(page, 'thead th')).toEqual(usual);
  });

  test.each([1280, 1440, 2560])('all of them fit into a window of %i px', async (width) => {
    const page = await open({ viewport: { width, height: 900 } });
    await page.getByText('Columns').click();
    const boxes = await page.getByRole('group', { name: 'Columns' }).getByRole('checkbox').all();
    expect(boxes).toHaveLength(9);
    for (const box of boxes) await box.check();
    const over = "((box) => box.scrollWidth - box.clientWidth)(document.querySelector('.card.flush'))";
    expect(await page.evaluate(over)).toBe(0);
  });

  test('chips are all of one height and on one line of text, also those that count nothing', async () => {
    const page = await open();
    const chips = await page.evaluate<
      number[][]
    >(`[...document.querySelectorAll('.filters button')].map((chip) => {
      const text = document.createRange();
      text.selectNodeContents(chip.querySelector('.count'));
      const [box, line] = [chip.getBoundingClientRect(), text.getBoundingClientRect()];
      return [box.top, box.height, line.bottom];
    })`);
    expect(chips).toHaveLength(8);
    expect(new Set(chips.map(String)).size).toBe(1);
  });

  test('all models that are searched for are downloaded as CSV', async () => {
    const page = await dashboard.open('#/?sort=model_id');
    await page.locator('tbody tr').first().waitFor();
    const csv = async () => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'CSV' }).click();
      const chunks: Buffer[] = [];
      for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString().trimEnd().split('\r\n');
    };
    const ids = (lines: string[]) => lines.slice(1).map((line) => line.split(',')[0]);
    const all = Array.from({ length: 120 }, (_, n) => fleetModel(n)).sort();
    expect(ids(await csv())).toEqual(all);
    await page.getByRole('button', { name: /^Stale/ }).click();
    await page.locator('.summary', { hasText: '1–6 of 6' }).waitFor();
    expect(ids(await csv())).toHaveLength(6);
  });
});

inChromium('a page without anything', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await openDashboard({ models: 0, runsEach: 0 });
  });
  afterAll(() => dashboard.close());

  test('teaches the calls that bring the first number, and they are right', async () => {
    const page = await dashboard.open();
    await page.getByText('No model is scheduled yet').waitFor();
    const calls = await page.locator('.curl').allTextContents();
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      const [, method, url, body] = /^curl -X (\w+) (\S+) [\s\S]* -d '(.*)'$/.exec(call) as string[] as [
        string,
        string,
        string,
        string,
      ];
      expect(call).toContain('authorization: Bearer $TOKEN');
      const headers = { authorization: 'Bearer writer', 'content-type': 'application/json' };
      expect((await fetch(url, { method, headers, body })).status).toBe(201);
    }
    await page.reload();
    await page.getByRole('link', { name: '550e8400' }).click();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.locator('.big', { hasText: '75.00 %' }).waitFor();
    await page.goto(`${dashboard.url}/#/models/00000000-0000-4000-8000-00000000ffff`);
    await page.locator('.empty .curl', { hasText: '00000000-0000-4000-8000-00000000ffff' }).waitFor();
    expect(dashboard.complaints).toEqual([]);
  });
});

inChromium('on paper', () => {
  test('the page is light, without what one could press, and all of its table', async () => {
    const dashboard = await openDashboard({ models: 9, runsEach: 30 });
    const page = await dashboard.open(`#/models/${fleetModel(8)}`, { colorScheme: 'dark' });
    await page.locator('.u-over').first().waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const seen = await page.evaluate<[string, number, boolean]>(`[
      getComputedStyle(document.documentElement).getPropertyValue('--ink'),
      [...document.querySelectorAll('button, input')].filter((one) => one.checkVisibility()).length,
      document.querySelector('.runs').checkVisibility(),
    ]`);
    expect(seen).toEqual(['#1a2230', 0, true]);
    await dashboard.close();
  });
});
