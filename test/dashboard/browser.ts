import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { freePort } from '../../localstack/ports';
import { insertFleet } from './fleet';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const found = existsSync(executablePath);

/** Tests in a real browser; where there is none, their name says so. */
export const inChromium = (name: string, tests: () => void) =>
  found
    ? describe(name, tests)
    : describe.skip(`${name} [SKIPPED: no Chromium at ${executablePath}, set CHROMIUM_PATH]`, tests);

const hash = (token: string) => createHash('sha256').update(token).digest('hex');

interface PageOptions extends BrowserContextOptions {
  token?: string | null;
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

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const ready = async (url: string, envFile: string, service: ChildProcess) => {
  while (!existsSync(envFile) || !(await fetch(`${url}/health`).catch(() => undefined))?.ok) {
    if (service.exitCode !== null) throw new Error('the service ended');
    await sleep(100);
  }
};

/** What `npm start` runs after the build, with tokens and a fleet of models, and a browser. */
export const openDashboard = async (fleet: { models: number; runsEach: number }): Promise<Dashboard> => {
  const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-dashboard-'));
  chmodSync(folder, 0o755);
  const envFile = join(folder, 'data/env');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = spawn(process.execPath, ['.build/start.js'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      API_ACCESS: undefined,
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      API_TOKENS: `w:write:${hash('writer')},r:read:${hash('reader')}`,
    },
  });
  const [browser] = await Promise.all([
    chromium.launch({ executablePath, args: flags.split(' ') }),
    ready(url, envFile, service),
  ]);
  const [, connectionString] = /^DATABASE_URL=(.*)$/m.exec(readFileSync(envFile, 'utf8')) as unknown as [
    string,
    string,
  ];
  const db = new Client({ connectionString });
  await db.connect();
  await insertFleet(db, fleet);
  const complaints: string[] = [];
  return {
    url,
    db,
    browser,
    complaints,
    open: async (hash = '', { token = 'writer', clock, ...options } = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        ...options,
      });
      if (token) await context.addInitScript(`sessionStorage.setItem('token', '${token}')`);
      const page = await context.newPage();
      page.setDefaultTimeout(8000);
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
      await db.end();
      service.kill('SIGTERM');
      await once(service, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
};
