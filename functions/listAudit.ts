import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/listAudit';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import listAuditSql from '../sql/queries/listAudit.sql';

type Entry = Output<typeof route>['body']['items'][number];

/** A row of listAudit.sql. */
export type FoundEntry = Omit<Entry, 'at'> & { at: Date };

/** Who changed what of the alerts. */
export const listAudit =
  ({ db }: { db: Database }) =>
  async ({ limit, before }: Input<typeof route>): Promise<Output<typeof route>> => {
    const found = await db.query<FoundEntry>(listAuditSql, [before, limit]);
    return { status: 200, body: { items: found.map((entry) => ({ ...entry, at: entry.at.toISOString() })) } };
  };

export const handler = httpHandler(route, async () => listAudit({ db: database() }));
