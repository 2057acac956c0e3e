import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { type Dashboard, inChromium, openDashboard } from './browser';
import { fleetModel } from './fleet';
import { addScored, batchOf, putRule } from './scored';

const scored = '00000001-4c1d-4e0a-9b7f-000000000000';

interface Violation {
  id: string;
  nodes: { target: string[]; failureSummary: string }[];
}

inChromium('accessible', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await openDashboard({ models: 12, runsEach: 30 });
    const labels = ['cat', 'dog', 'golden retriever'];
    const batches = [0.9, 0.6].map((right, at) => batchOf(labels, 100, right, at));
    await addScored(dashboard, scored, { metrics: ['f1_macro', 'accuracy', 'roc_auc_ovr'] }, batches, true);
    await putRule(dashboard, scored, 'f1-low', { metric: 'f1_macro', below: 0.9 });
  });
  afterAll(() => dashboard.close());
  afterEach(async () => {
    for (const context of dashboard.browser.contexts()) await context.close();
    expect(dashboard.complaints).toEqual([]);
  });

  const violations = async (page: Page) => {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<{ violations: Violation[] }>(
      "axe.run({ resultTypes: ['violations'] })",
    );
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.failureSummary) }));
  };
  const views: [string, string, string | undefined][] = [
    ['the overview', '#/?size=9', 'table.models tbody tr'],
    ['an overview of nothing', '#/?q=ffffffff-ffff', '.empty button'],
    ['a model in trouble', `#/models/${fleetModel(0)}`, '.u-over'],
    ['a model with metrics, a reference and classes', `#/models/${scored}`, '.matrix'],
    ['the alerts', '#/alerts', 'table.plain tbody tr'],
    ['a paused model', `#/models/${fleetModel(4)}`, '.u-over'],
    ['a model that is not there', '#/models/00000000-0000-4000-8000-00000000ffff', '.empty p'],
  ];

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    test.each(views)('axe finds nothing in %s', async (_, hash, there) => {
      const page = await dashboard.open(hash, { colorScheme, reducedMotion: 'reduce' });
      await page
        .locator(there as string)
        .first()
        .waitFor();
      expect(await violations(page)).toEqual([]);
      if (colorScheme === 'dark') return;
      await page.setViewportSize({ width: 360, height: 800 });
      expect(await violations(page)).toEqual([]);
    });

    test('axe finds nothing in the dialogs', async () => {
      const page = await dashboard.open('', { colorScheme, token: null, reducedMotion: 'reduce' });
      await page.getByRole('dialog').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.locator('#token-input').fill('writer');
      await page.keyboard.press('Enter');
      await page.getByText('Columns').click();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Add a schedule' }).click();
      await page.getByRole('button', { name: 'Add schedule' }).click();
      await page.getByText('Model id must be a UUID').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.goto(`${dashboard.url}/#/models/${fleetModel(8)}`);
      await page.getByRole('button', { name: 'Delete…' }).click();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Add a rule' }).click();
      await page.getByText('More').click();
      await page.getByLabel('Over at').fill('x');
      await page.getByLabel('Threshold').fill('x');
      await page.getByText('Threshold must be a number').waitFor();
      expect(await violations(page)).toEqual([]);
    });
  });

  test.each([360, 800, 1280, 3840])('nothing is wider than a window of %i px', async (width) => {
    for (const hash of ['', `#/models/${fleetModel(0)}`, `#/models/${scored}`]) {
      const page = await dashboard.open(hash, { viewport: { width, height: 900 } });
      await page
        .locator(hash ? '.u-over' : 'table.models tbody tr')
        .first()
        .waitFor();
      const over = `[document.documentElement, ...document.querySelectorAll('.card')]
        .map((box) => box.scrollWidth - box.clientWidth)`;
      expect(Math.max(...(await page.evaluate<number[]>(over)))).toBeLessThanOrEqual(0);
    }
  });

  test('every control is reached with Tab, and shows that it has the focus', async () => {
    const page = await dashboard.open(`#/?q=${fleetModel(8)}`);
    await page.locator('table.models tbody tr').first().waitFor();
    const seen: string[] = [];
    for (let n = 0; n < 25; n++) {
      await page.keyboard.press('Tab');
      const [name, outline] = await page.evaluate<[string, string]>(
        `[document.activeElement.innerText || document.activeElement.labels?.[0]?.innerText || '', getComputedStyle(document.activeElement).outlineStyle]`,
      );
      if (name === '' || name.length > 60 || seen.includes(name)) break;
      expect([name, outline]).toEqual([name, 'solid']);
      seen.push(name);
    }
    expect(seen.map((name) => name.replace(/\s+/g, ' '))).toEqual([
      'Skip to content',
      'Cyclic Metrics',
      'Alerts',
      'Forget token',
      'Columns',
      'CSV',
      'Add a schedule',
      'All 1',
      'Invalid data 0',
      'Stale 0',
      'No labels yet 0',
      'No data 0',
      'Pending 0',
      'OK 1',
      'Paused 0',
      'Search by name or model id',
      'Model',
      'Status',
      'Metric',
      'Change',
      'Last run',
      'Next run',
      fleetModel(8),
    ]);
  });
});
