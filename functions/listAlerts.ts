import type { Rule } from '../lib/alerts/rule';
import { knownOf } from '../lib/alerts/rules';
import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/listAlerts';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import countAlertsSql from '../sql/queries/countAlerts.sql';
import listAlertsSql from '../sql/queries/listAlerts.sql';

/** A row of listAlerts.sql. */
export interface FoundAlert {
  id: number;
  model_id: string;
  name: string | null;
  rule: string;
  state: 'ok' | 'pending' | 'firing';
  severity: Rule['severity'];
  since: Date;
  facts: Record<string, unknown>;
  snoozed_until: Date | null;
  snooze_note: string | null;
}

type Counts = Record<'firing' | 'pending' | 'ok' | 'waiting' | 'dead', number>;

/** A page of the alerts of all models. */
export const listAlerts =
  ({ db }: { db: Database }) =>
  async ({ state, limit, offset }: Input<typeof route>): Promise<Output<typeof route>> => {
    const [found, [counts]] = await Promise.all([
      db.query<FoundAlert>(listAlertsSql, [state, offset, limit]),
      db.query<Counts>(countAlertsSql) as Promise<[Counts]>,
    ]);
    const { waiting, dead, ...byState } = counts;
    const items = found.map(({ id: _, since, snoozed_until, facts, ...alert }) => ({
      ...alert,
      since: since.toISOString(),
      snoozed_until: snoozed_until?.toISOString() ?? null,
      facts: knownOf(facts),
    }));
    return { status: 200, body: { items, counts: byState, deliveries: { waiting, dead } } };
  };

export const handler = httpHandler(route, async () => listAlerts({ db: database() }));
