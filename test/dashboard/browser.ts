import { existsSync } from 'node:fs';
import type { Client } from 'pg';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { startService } from '../localstack/start/service';
import { insertFleet } from './fleet';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const found = existsSync(executablePath);

/** Tests in a real browser; where there is none, their name says so. */
export const inChromium = (name: string, tests: () => void) =>
  found
    ? describe(name, tests)
    : describe.skip(`${name} [SKIPPED: no Chromium at ${executablePath}, set CHROMIUM_PATH]`, tests);

interface PageOptions extends BrowserContextOptions {
  token?: string | null;
  /** The browser knows UTC and the viewer's time zone only. */
  unknownZones?: boolean;
  /** The page's time can be moved on with `page.clock`. */
  clock?: boolean;
}

export interface Dashboard {
  url: string;
  db: Client;
  browser: Browser;
  /** What pages complained of: errors, and violations of the Content-Security-Policy. */
  complaints: string[];
  /** A page at an address, with a token unless told otherwise. */
  open: (hash?: string, options?: PageOptions) => Promise<Page>;
  close: () => Promise<void>;
}

/** No sandbox, as root has none, and nothing that Chromium does for itself. */
export const chromiumOptions = {
  executablePath,
  args: '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  ),
};

const forgetZones = `Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
  construct: (target, [locale, options]) => {
    if (!['UTC', 'Europe/Berlin', undefined].includes(options?.timeZone)) throw new RangeError('Invalid time zone');
    return new target(locale, options);
  },
})`;

/** The service with a fleet of models, and a browser. */
export const openDashboard = async (fleet: { models: number; runsEach: number }): Promise<Dashboard> => {
  const [browser, service] = await Promise.all([chromium.launch(chromiumOptions), startService()]);
  const { url, db } = service;
  await insertFleet(db, service.databaseUrl, fleet);
  const complaints: string[] = [];
  return {
    url,
    db,
    browser,
    complaints,
    open: async (hash = '', { token = 'writer', clock, unknownZones, ...options } = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        ...options,
      });
      if (token) await context.addInitScript(`sessionStorage.setItem('token', '${token}')`);
      if (unknownZones) await context.addInitScript(forgetZones);
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        // That an answer was an error is the page's business to tell, and tested as such.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          complaints.push(message.text());
        }
      });
      if (clock) await page.clock.install();
      await page.goto(`${url}/${hash}`);
      return page;
    },
    close: async () => {
      await browser.close();
      await service.stop();
    },
  };
};
