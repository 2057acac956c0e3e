import { type Delivered, deliver } from '../lib/alerts/deliver';
import type { Channel } from '../lib/channels/channel';
import type { Database } from '../lib/postgres/database';
import { channels, database } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import { lazy } from '../lib/runtime/lazy';
import { log } from '../lib/runtime/log';

interface Deps {
  db: Database;
  channels: readonly Channel[];
  /** Where people find the page. */
  publicUrl: string | null;
}

/** No batch begins later than this; Lambda ends the function after a minute. */
const budgetMs = 30_000;

/** Tells people what the outbox has. Safe to repeat, and by many at once. */
export const notify = (deps: Deps) => (): Promise<Record<string, Delivered>> =>
  deliver(deps, Date.now() + budgetMs);

const open = lazy(async () => ({
  db: database(20_000),
  channels: await channels(),
  publicUrl: env('PUBLIC_URL') ?? null,
}));

export const handler = async (): Promise<Record<string, Delivered>> => {
  const told = await notify(await open())();
  log.info('notified', { told });
  return told;
};
