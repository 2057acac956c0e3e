import type * as z from 'zod';
import { describeRule, type FoundRule, knownOf } from '../lib/alerts/rules';
import type { notificationSchema } from '../lib/alerts/schemas';
import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/getAlerts';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import listNotificationsSql from '../sql/queries/listNotifications.sql';
import readRulesSql from '../sql/queries/readRules.sql';

type Notification = z.output<typeof notificationSchema>;

/** A row of listNotifications.sql. */
export type FoundNotification = Omit<Notification, 'at' | 'held_until'> & {
  at: Date;
  held_until: Date | null;
};

const lastNotifications = 100;

/** A model's rules with their states, and what was told of it. */
export const getAlerts =
  ({ db }: { db: Database }) =>
  async ({ model_id }: Input<typeof route>): Promise<Output<typeof route>> => {
    const rules = await db.query<FoundRule>(readRulesSql, [model_id]);
    if (rules.length === 0) throw new Problem(404, `model ${model_id} has no schedule`);
    const found = await db.query<FoundNotification>(listNotificationsSql, [model_id, lastNotifications]);
    const notifications = found.map((notification) => ({
      ...notification,
      at: notification.at.toISOString(),
      held_until: notification.held_until?.toISOString() ?? null,
      facts: knownOf(notification.facts),
    }));
    return { status: 200, body: { rules: rules.map(describeRule), notifications } };
  };

export const handler = httpHandler(route, async () => getAlerts({ db: database() }));
