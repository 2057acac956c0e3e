import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { chromiumOptions, inChromium } from '../dashboard/browser';
import { startService } from '../localstack/start/service';

const model = '550e8400-e29b-41d4-a716-446655440000';
const planted = '00000000-0000-4000-8000-0000000000ee';
const schedule = (model_id: string) => JSON.stringify({ model_id, cron_expression: '0 0 1 1 *' });

const html = `<body><script>${readFileSync('test/security/hostilePage.js', 'utf8')}</script></body>`;

inChromium('a web page that somebody else made', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  let site: Server;
  let browser: Browser;
  let sitePort: number;
  let port: string;

  beforeAll(async () => {
    site = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end(html);
    }).listen(0, '127.0.0.1');
    [service] = await Promise.all([startService({ API_TOKENS: '' }), once(site, 'listening')]);
    port = new URL(service.url).port;
    sitePort = (site.address() as AddressInfo).port;
    const names = '--host-resolver-rules=MAP *.example 127.0.0.1';
    browser = await chromium.launch({ ...chromiumOptions, args: [...chromiumOptions.args, names] });
    await fetch(`${service.url}/schedule`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: schedule(model),
    });
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
    await service?.stop();
  });

  /** All that a caller can change. */
  const state = async () =>
    (
      await service.db.query(
        `SELECT (SELECT json_agg(m) FROM metrics_executions m) AS schedules, (SELECT count(*) FROM runs) AS runs,
          (SELECT count(*) FROM results) AS rows`,
      )
    ).rows;

  const pageAt = async (url: string) => {
    const page = await (await browser.newContext()).newPage();
    // A name whose owner lets it point to this machine after the page was loaded.
    await page.route(/\/rebound$/, (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.goto(url);
    const call = (name: string, ...values: string[]) =>
      page.evaluate(`${name}(...${JSON.stringify(values)})`);
    return { page, call };
  };

  test.each([
    ['another name', () => `http://evil.example:${sitePort}/`, () => service.url],
    ['another port', () => `http://127.0.0.1:${sitePort}/`, () => service.url],
    ['another port of localhost', () => `http://localhost:${sitePort}/`, () => `http://localhost:${port}`],
    ['a rebound name', () => `http://evil.example:${port}/rebound`, () => `http://evil.example:${port}`],
  ])('on %s reads nothing and changes nothing', async (_, address, target) => {
    const before = await state();
    const { page, call } = await pageAt(address());
    expect(await call('attack', target(), model, planted, schedule(planted))).toEqual([]);
    expect(await call('frame', `${target()}/schedule`)).not.toContain(model);
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await call('submitForm', target(), schedule(planted));
    expect([403, 415, 421]).toContain((await answer).status());
    expect(await state()).toEqual(before);
  });

  test('gets no image and no script of ours either', async () => {
    const { call } = await pageAt(`http://evil.example:${sitePort}/`);
    const icon = `${service.url}/dashboard/x/icon.svg`;
    expect([await call('loads', 'img', icon), await call('loads', 'script', icon)]).toEqual([false, false]);
  });

  test('may link to the dashboard', async () => {
    const { page, call } = await pageAt(`http://evil.example:${sitePort}/`);
    await call('location.assign', `${service.url}/`);
    await page.getByRole('link', { name: 'Cyclic Metrics' }).waitFor();
  });

  test('is let in by CORS_ORIGINS, and no other with it', async () => {
    const allowed = `http://lab.example:${sitePort}`;
    const open = await startService({ API_TOKENS: '', CORS_ORIGINS: allowed });
    const post = async (origin: string) =>
      (await pageAt(`${origin}/`)).call('post', `${open.url}/schedule`, schedule(planted));
    try {
      expect(await post(allowed)).toBe(201);
      expect(await post(`http://evil.example:${sitePort}`)).toBe('refused');
    } finally {
      await open.stop();
    }
  });
});
