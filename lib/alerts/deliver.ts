import pLimit from 'p-limit';
import endDeliveriesOfGoneSql from '../../sql/queries/endDeliveriesOfGone.sql';
import endDeliverySql from '../../sql/queries/endDelivery.sql';
import routeNotificationsSql from '../../sql/queries/routeNotifications.sql';
import takeDeliveriesSql from '../../sql/queries/takeDeliveries.sql';
import type { Channel } from '../channels/channel';
import type { Queries } from '../postgres/database';
import { type Notification, noticeOf } from './notice';

/** With the waits of endDelivery.sql the last one is two days after the first. */
const maxAttempts = 11;

/** Longer than an attempt takes: what is not heard of for so long is sent again. */
const leaseSeconds = 60;

const routedAtOnce = 1000;
const sentAtOnce = 20;
const batch = 2 * sentAtOnce;

export interface Delivered {
  sent: number;
  failed: number;
}

interface Deps {
  db: Queries;
  channels: readonly Channel[];
  publicUrl: string | null;
}

/** Each new notification gets its deliveries; those of a channel that is gone end. */
export const route = async ({ db, channels }: Omit<Deps, 'publicUrl'>): Promise<void> => {
  const names = channels.map(({ name }) => name);
  await db.query(endDeliveriesOfGoneSql, [names]);
  const severities = channels.map(({ min_severity }) => min_severity);
  for (let full = true; full; ) {
    const routed = await db.query(routeNotificationsSql, [names, severities, routedAtOnce]);
    full = routed.length === routedAtOnce;
  }
};

/**
 * Sends what is due on one channel until nothing is left, none of a batch arrives, or the time is over. Each is marked when
 * it has been sent: one that was sent by a process that died then is sent again, with the same id.
 */
const deliverOn = async ({ db, publicUrl }: Deps, channel: Channel, until: number): Promise<Delivered> => {
  const limit = pLimit(sentAtOnce);
  const total = { sent: 0, failed: 0 };
  while (Date.now() < until) {
    const taken = await db.query<Notification>(takeDeliveriesSql, [channel.name, batch, leaseSeconds]);
    const errors = await limit.map(taken, async (notification) => {
      const error = await channel.send(noticeOf(notification, publicUrl)).then(
        () => null,
        (error: Error) => (error.name === 'Undelivered' ? error.message : 'failed'),
      );
      await db.query(endDeliverySql, [notification.id, channel.name, error, maxAttempts]);
      return error;
    });
    const failed = errors.filter((error) => error !== null).length;
    total.failed += failed;
    total.sent += taken.length - failed;
    if (failed === taken.length) break; // none is left, or nothing arrives now
  }
  return total;
};

/** Sends all that is due, each channel by itself. @param until no batch begins after it, in milliseconds since 1970 */
export const deliver = async (deps: Deps, until: number): Promise<Record<string, Delivered>> => {
  await route(deps);
  const ended = await Promise.all(
    deps.channels.map(async (channel) => [channel.name, await deliverOn(deps, channel, until)] as const),
  );
  return Object.fromEntries(ended);
};
